/** `graders.json` as people write it: every mistake is told where it is, and the schema that editors use agrees with the parser. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../../../src/core/errors.ts';
import { ENTRY_KINDS, ENTRY_SCHEMAS } from '../../../../src/core/graders/registry/grader-entry.ts';
import { completeEntry, type GraderInput, RegistryFile } from '../../../../src/core/graders/registry/registry.ts';
import { parseRegistry } from '../../../../src/core/graders/registry/registry-file.ts';
import { registryJsonSchema } from '../../../../src/core/graders/registry/registry-json-schema.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const reward = { name: 'bt', kind: 'reward-endpoint', url: 'https://gpu.example', api: 'vllm-classify' } as const;
const judge = {
  name: 'j',
  kind: 'judge-endpoint',
  url: 'https://api.example/v1',
  model: 'm',
  method: 'pointwise',
} as const;
const embedded = { name: 'e', kind: 'embedded', model: 'model.rsm' } as const;
const textOf = (...graders: object[]) => JSON.stringify({ version: 1, graders }, null, 2);
const problemsOf = (text: string) => parseRegistry(text, 'graders.json').problems.map(describeError);

describe('a mistake', () => {
  it.each([
    ['no JSON', '{"version": 1,\n "graders": [}', /^graders\.json, line 2: This file is not JSON: value expected\./],
    ['an empty file', '', /This file is not JSON/],
    ['a comment', '{"version": 1, "graders": [] // none\n}', /line 1: This file is not JSON: invalid comment token/],
    [
      'another version',
      '{\n"version": 2,\n"graders": []}',
      /^graders\.json, line 2: version: Invalid input: expected 1/,
    ],
    [
      'an unknown key of the file',
      '{\n"version": 1,\n"grader": [], "graders": []}',
      /line 3: "grader" is not known: did you mean "graders"\?/,
    ],
    [
      'an unknown key of a grader',
      textOf({ ...embedded, modle: 'x' }),
      /line 8, field "graders\.0": "modle" is not known: did you mean "model"\?/,
    ],
    [
      'an unknown key of its limits',
      textOf({ ...reward, limits: { retrys: 1 } }),
      /line 10, field "graders\.0\.limits": "limits\.retrys" is not known: did you mean "retries"\?/,
    ],
    [
      'an unknown kind',
      textOf({ ...embedded, kind: 'embeded' }),
      /line 6, field "graders\.0\.kind": There is no kind "embeded": did you mean "embedded"\?/,
    ],
    ['no kind', textOf({ name: 'x' }), /kind must be "embedded", "local-model"/],
    [
      'a missing field',
      textOf({ name: 'x', kind: 'embedded' }),
      /line 4, field "graders\.0\.model": model: Invalid input/,
    ],
    [
      'two graders of one name',
      textOf(embedded, embedded),
      /line 10, field "graders\.1\.name": There is a grader "e" already/,
    ],
    ['an address that is none', textOf({ ...reward, url: 'gpu-box:8000' }), /line 7, .*url: must begin with https/],
    [
      'an address with a password',
      textOf({ ...reward, url: 'https://a:b@gpu.example' }),
      /must have no user name or password in it/,
    ],
    ['an address with a key', textOf({ ...reward, url: 'https://gpu.example/?key=1' }), /must end with its path/],
    [
      'a prompt without the response',
      textOf({ ...judge, prompt: { text: 'Is it good? {output_format}' } }),
      /has no \{response\}/,
    ],
    [
      'a prompt without a verdict',
      textOf({ ...judge, prompt: { text: 'Is {response} good?' } }),
      /asks for no verdict that can be read/,
    ],
    [
      'what the grader sets itself',
      textOf({ ...judge, extra_body: { model: 'x' } }),
      /"model" is set by the grader itself/,
    ],
    ['a name of two lines', textOf({ ...embedded, name: 'a\nb' }), /must be 1 to 80 characters on one line/],
  ])('%s is told with its place', (_what, text, message) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(message)]);
  });

  it('does not hide the other graders', () => {
    const { graders, problems } = parseRegistry(textOf({ ...embedded, kind: 'x' }, reward), 'graders.json');
    expect(graders.map(({ name }) => name)).toEqual(['bt']);
    expect(problems).toHaveLength(1);
  });
});

describe('a key that is written in the file', () => {
  // Put together here, so that no scanner of secrets takes this file for a leak.
  const leaked = ['sk', 'proj', 'a8Kd02mXq9Zt4Rw7Lp1Yv6'].join('-');
  it.each([
    ['in place of its name', { ...judge, key: leaked }],
    ['in a field of that name', { ...judge, api_key: 'abc' }],
    ['among headers', { ...judge, headers: { Authorization: 'Bearer abc' } }],
    ['in the body', { ...judge, extra_body: { user: leaked } }],
    ['in a prompt', { ...judge, prompt: { text: `{response} {output_format} ${leaked}` } }],
  ])('%s is an error that does not repeat it', (_what, grader) => {
    const [problem = ''] = problemsOf(textOf(grader));
    expect(problem).toMatch(/A key does not belong here/);
    expect(problem).not.toContain(leaked);
  });

  it('of an unknown form is no name of a key', () => {
    expect(problemsOf(textOf({ ...judge, key: 'AbC123' }))).toEqual([
      expect.stringMatching(/must be a name such as "gpu-box"/),
    ]);
  });
});

describe('the schema that editors use', () => {
  const validate = new Ajv({ strict: false }).compile(registryJsonSchema());
  const parserAccepts = (value: unknown) => parseRegistry(JSON.stringify(value), 'graders.json').problems.length === 0;
  const anyValue = fc.constantFrom(
    '',
    'x',
    1,
    0,
    -1,
    2.5,
    400,
    null,
    true,
    [],
    {},
    { template: 'brief' },
    { template: 'x' },
    { retries: 2 },
    { retries: 2.5 },
    { input_per_million: 1, output_per_million: 2 },
    'pairwise',
    'score-0-4',
    'gpu-box',
    'vllm-score',
  );
  const valid: Record<string, object> = {
    embedded,
    'local-model': { name: 'l', kind: 'local-model', folder: 'models/bt' },
    'reward-endpoint': reward,
    'judge-endpoint': judge,
    'editor-model': { name: 'm', kind: 'editor-model', model: 'some', method: 'pairwise' },
  };

  it.each(ENTRY_KINDS)('accepts and refuses what the parser does: %s', (kind) => {
    const fields = [...Object.keys(ENTRY_SCHEMAS[kind].shape).filter((field) => field !== 'url'), 'surprise'];
    let accepted = 0;
    const changes = fc.dictionary(fc.constantFrom(...fields), anyValue, { maxKeys: 2 });
    fc.assert(
      fc.property(changes, (changed) => {
        const value = { version: 1, graders: [{ ...valid[kind], ...changed }] };
        const expected = parserAccepts(value);
        if (expected) accepted += 1;
        expect(validate(value), JSON.stringify([value, validate.errors])).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect(accepted, 'both answers occur').toBeGreaterThan(20);
  });

  it('describes every field of every kind', () => {
    const rules = (
      registryJsonSchema().properties!.graders as {
        items: { allOf: { then: { properties: Record<string, { description?: string }> } }[] };
      }
    ).items.allOf;
    const undescribed = rules.flatMap(({ then }) =>
      Object.entries(then.properties).filter(([name, property]) => name !== 'kind' && !property.description),
    );
    expect(undescribed).toEqual([]);
  });
});

describe('changing the file', () => {
  const newFile = (text?: string) => {
    const file = new RegistryFile(temporaryFolder());
    if (text !== undefined) {
      mkdirSync(path.dirname(file.path), { recursive: true });
      writeFileSync(file.path, text);
    }
    return file;
  };

  it('adds, renames and removes, and leaves the other graders as they are', async () => {
    const file = newFile(
      '{ "version": 1,\n  "graders": [\n    {"name": "e",   "kind": "embedded", "model": "m"}\n  ] }\n',
    );
    await file.add(reward);
    expect(JSON.parse(readFileSync(file.path, 'utf8')).graders).toEqual([
      { name: 'e', kind: 'embedded', model: 'm' },
      reward,
    ]);
    await file.rename('bt', 'renamed');
    expect((await file.read()).graders.map(({ name }) => name)).toEqual(['e', 'renamed']);
    await file.remove('e');
    expect((await file.read()).graders.map(({ name }) => name)).toEqual(['renamed']);
  });

  it('begins one that git keeps beside runs that it does not', async () => {
    const file = newFile();
    await file.add(embedded);
    expect(JSON.parse(readFileSync(file.path, 'utf8'))).toEqual({ version: 1, graders: [embedded] });
    expect(readFileSync(path.join(path.dirname(file.path), '.gitignore'), 'utf8')).toBe(
      '*\n!graders.json\n!targets.json\n',
    );
  });

  it.each([
    [
      'a name that is taken',
      (file: RegistryFile) => file.add({ ...reward, name: 'e' }),
      /There is a grader "e" already/,
    ],
    [
      'a new name that is taken',
      (file: RegistryFile) => file.add(reward).then(() => file.rename('bt', 'e')),
      /There is a grader "e" already/,
    ],
    ['a grader that is not there', (file: RegistryFile) => file.remove('x'), /There is no grader "x"/],
    ['what could not be used', (file: RegistryFile) => file.add({ ...reward, api: 'x' }), /api: Invalid option/],
  ])('refuses %s, and writes nothing', async (_what, change, message) => {
    const file = newFile(textOf(embedded));
    await expect(Promise.resolve(change(file))).rejects.toThrow(message);
    expect((await file.read()).graders[0]).toEqual(completeEntry(embedded));
  });

  it('leaves a file with mistakes alone', async () => {
    const file = newFile('{"version": 1, "graders": [');
    await expect(file.add(embedded)).rejects.toThrow(/not JSON/);
    expect(readFileSync(file.path, 'utf8')).toBe('{"version": 1, "graders": [');
  });

  it('finds a grader by name, or says which there are', async () => {
    const file = newFile(textOf(embedded, reward));
    await expect(file.find('bt')).resolves.toMatchObject({ url: reward.url });
    await expect(file.find('x').catch((error: unknown) => describeError(error))).resolves.toMatch(
      /There is no grader "x"\. There are: e, bt\./,
    );
    const none = newFile();
    await expect(none.find('x')).rejects.toThrow(/There is no grader "x"/);
    expect(existsSync(none.path)).toBe(false);
  });

  it('is completed with what was left out', () => {
    expect(completeEntry(reward as GraderInput)).toEqual({
      ...reward,
      scale: 'logit-within-prompt',
      allow_http: false,
      limits: { timeout_s: 60, retries: 3, concurrency: 4 },
    });
  });
});
