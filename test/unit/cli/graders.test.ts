/** Graders from a terminal: added, listed, tried, and used; keys from the environment. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa, execaSync } from 'execa';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { answering, chat, json, ScriptedEndpoint } from '../../scripted-endpoint.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { CLI, EXAMPLES, runCli, runCliJson } from './run-cli.ts';

const TEXTS = ['--prompt', 'Where is my parcel?', '--response', 'It left Leeds today.'];

let endpoint: ScriptedEndpoint;
beforeEach(async () => {
  endpoint = await ScriptedEndpoint.start(
    answering(({ body }) => ({ data: [{ probs: [body.messages.at(-1).content.length] }] })),
  );
});
afterEach(() => endpoint.close());

const addReward = (folder: string, ...more: string[]) =>
  runCli(folder, [
    'graders',
    'add',
    'gpu',
    '--kind',
    'reward-endpoint',
    '--url',
    endpoint.origin,
    '--api',
    'vllm-classify',
    ...more,
  ]);

describe('graders', () => {
  it('are added, listed without asking them, tried and used', async () => {
    const folder = temporaryFolder();
    expect((await runCli(folder, ['graders', 'list'])).stdout).toMatch(
      /No graders\. Add one with "reward-studio graders add"/,
    );
    expect((await addReward(folder)).stdout).toMatch(/added gpu to .*graders\.json/);
    const listed = await runCli(folder, ['graders', 'list']);
    expect(listed.stdout).toMatch(/gpu +reward endpoint +reward \(logit\) +127\.0\.0\.1:\d+/);
    expect(endpoint.connections).toBe(0);
    const tried = await runCli(folder, ['graders', 'test', 'gpu']);
    expect(tried.stdout).toMatch(/sibling: I like trains\.\nReward margin \+17\.00 · gpu · \d+ ms/);
    const { grades } = await runCliJson<{ grades: { score: number }[] }>(folder, [
      'grade',
      '--grader',
      'gpu',
      ...TEXTS,
    ]);
    expect(grades).toMatchObject([{ score: 20, scale: 'logit-within-prompt', provenance: { grader: 'gpu' } }]);
  });

  it('send a key of the environment, and say which variable is missing', async () => {
    const folder = temporaryFolder();
    await addReward(folder, '--key', 'gpu-box');
    const without = await runCli(folder, ['graders', 'test', 'gpu']);
    expect([without.exitCode, without.stderr]).toEqual([
      1,
      expect.stringMatching(
        /The key "gpu-box" for 127\.0\.0\.1:\d+ is not set\. Set the environment variable REWARD_STUDIO_KEY_GPU_BOX\./,
      ),
    ]);
    expect((await runCli(folder, ['graders', 'list'])).stdout).toContain(
      'gpu-box (not set: REWARD_STUDIO_KEY_GPU_BOX)',
    );
    expect(endpoint.connections).toBe(0);
    const env = { REWARD_STUDIO_KEY_GPU_BOX: 'the-value' };
    await execa(process.execPath, [CLI, 'graders', 'test', 'gpu'], { cwd: folder, env });
    expect(endpoint.asked[0]!.headers.authorization).toBe('Bearer the-value');
    expect(readFileSync(path.join(folder, '.reward-studio', 'graders.json'), 'utf8')).not.toContain('the-value');
  });

  it('that are judges grade both orders, and what is no verdict ends with its words', async () => {
    const folder = temporaryFolder();
    endpoint.replies = [chat('<better>A</better>')];
    const judge = [
      '--kind',
      'judge-endpoint',
      '--url',
      `${endpoint.origin}/v1`,
      '--model',
      'm',
      '--method',
      'pairwise',
    ];
    await runCli(folder, ['graders', 'add', 'judge', ...judge]);
    const both = await runCli(folder, ['grade', '--grader', 'judge', ...TEXTS, '--response', 'Soon.']);
    expect(both.stdout).toMatch(
      /response 1: A\/B verdict tie · judge\n {2}note: The verdict depends on the order: A with this response first, A with it second\./,
    );
    endpoint.replies = [chat('Who knows?')];
    const none = await runCli(folder, ['grade', '--grader', 'judge', ...TEXTS, '--response', 'Soon.']);
    expect([none.exitCode, none.stdout, none.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/The judge gave no verdict\. It wrote: Who knows\?/),
    ]);
  });

  it('grade a response that comes on standard input', async () => {
    const folder = temporaryFolder();
    await addReward(folder);
    const args = ['grade', '--grader', 'gpu', '--prompt', 'p', '--response', '-', '--json'];
    const { stdout } = await execa(process.execPath, [CLI, ...args], { cwd: folder, input: 'Grüße 🙂\n' });
    expect(JSON.parse(stdout).grades[0].score).toBe('Grüße 🙂'.length);
    expect(endpoint.asked[0]!.body.messages.at(-1).content).toBe('Grüße 🙂');
  });

  it.each([
    ['neither model nor grader', ['grade', ...TEXTS], 2, /Name either a model or a grader/],
    ['both', ['grade', 'x', '--grader', 'gpu', ...TEXTS], 2, /Name either a model or a grader/],
    [
      'a grader that is not there',
      ['grade', '--grader', 'other', ...TEXTS],
      1,
      /There is no grader "other"\. There are: gpu, lm\./,
    ],
    [
      'a field of another kind',
      ['graders', 'add', 'x', '--kind', 'embedded', '--url', 'http://127.0.0.1'],
      1,
      /"url" is not known/,
    ],
    [
      'a name that is taken',
      ['graders', 'add', 'gpu', '--kind', 'embedded', '--model', 'm'],
      1,
      /There is a grader "gpu" already/,
    ],
    [
      'a model of the editor',
      ['grade', '--grader', 'lm', ...TEXTS],
      2,
      /is a model of the editor, and there is none here/,
    ],
  ])('with %s end with what to do', async (_what, args, exitCode, message) => {
    const folder = temporaryFolder();
    await addReward(folder);
    await runCli(folder, ['graders', 'add', 'lm', '--kind', 'editor-model', '--model', 'm', '--method', 'pointwise']);
    const { exitCode: code, stderr } = await runCli(folder, args);
    expect([code, stderr]).toEqual([exitCode, expect.stringMatching(message)]);
    expect(endpoint.connections).toBe(0);
  });

  it('with a mistake are told with the line, beside those that are sound', async () => {
    const folder = temporaryFolder();
    await addReward(folder);
    const file = path.join(folder, '.reward-studio', 'graders.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"graders": [', '"graders": [{"name": "x", "kind": "magic"},'),
    );
    const { exitCode, stdout } = await runCli(folder, ['graders', 'list']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^gpu +reward endpoint/m);
    expect(stdout).toMatch(/error: .*graders\.json, line 3, field "graders\.0\.kind": kind must be/);
  });
});

describe('an endpoint that speaks https', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  const about = ['-out', certificate, '-days', '2', '-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = execaSync('openssl', ['req', '-x509', ...newKey, ...about], { reject: false });

  it.skipIf(made.failed)('is asked where the environment names its authority, and else refused at once', async () => {
    const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') };
    const secure = await ScriptedEndpoint.startTls(tls, json({ data: [{ probs: [1] }] }));
    try {
      const kind = ['--kind', 'reward-endpoint', '--url', secure.origin, '--api', 'vllm-classify'];
      await runCli(folder, ['graders', 'add', 'secure', ...kind]);
      const { stderr } = await runCli(folder, ['graders', 'test', 'secure']);
      expect(stderr).toMatch(
        /nobody known here vouches for its certificate \(\w+\)\. Name your authority's certificate in/,
      );
      expect(secure.connections).toBe(1);
      const env = { NODE_EXTRA_CA_CERTS: certificate };
      const { stdout } = await execa(process.execPath, [CLI, 'graders', 'test', 'secure'], { cwd: folder, env });
      expect(stdout).toMatch(/Reward margin 0\.00 · secure/);
    } finally {
      await secure.close();
    }
  });
});

describe('with default settings no connection is made', () => {
  it('by training, grading, explaining, comparing and measuring with an embedded model, nor by listing endpoints', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'data'));
    writeFileSync(
      path.join(folder, 'data', 'train.parquet'),
      readFileSync(path.join(EXAMPLES, 'bradley-terry', 'train.parquet')),
    );
    await addReward(folder);
    const recorded = path.join(folder, 'connections.txt');
    writeFileSync(recorded, '');
    const run = (...args: string[]) =>
      execa(
        process.execPath,
        ['--import', pathToFileURL(path.join(root, 'test/record-connections.mjs')).href, CLI, ...args],
        {
          cwd: folder,
          env: { RECORDED_CONNECTIONS: recorded },
          reject: false,
        },
      );
    await run('train', 'data/train.parquet', '--method', 'bt', '--name', 'support');
    expect((await run('grade', 'support', ...TEXTS)).stdout).toMatch(/response 1: Reward/);
    expect((await run('graders', 'list')).stdout).toMatch(/reward endpoint/);
    for (const args of [
      ['explain', 'support', ...TEXTS],
      ['compare', 'support', ...TEXTS, '--response', 'Soon.'],
      ['inspect', 'data/train.parquet'],
      ['evaluate', 'support', 'data/train.parquet'],
      ['grade', 'support', 'data/train.parquet', '--out', 'graded.jsonl'],
    ]) {
      expect(await run(...args), args.join(' ')).toMatchObject({ exitCode: 0 });
    }
    expect(readFileSync(recorded, 'utf8')).toBe('');
    // The recorder does record: an endpoint that is asked is there.
    await run('graders', 'test', 'gpu');
    expect(readFileSync(recorded, 'utf8')).toContain(`:${new URL(endpoint.origin).port}`);
  });
});

describe('graders compare', () => {
  it('measures a trained model and an endpoint on the same rows, and asks for agreement to what costs money', async () => {
    const folder = temporaryFolder();
    const test = path.join(EXAMPLES, 'bradley-terry', 'test.parquet');
    await runCliJson(folder, ['train', path.join(EXAMPLES, 'bradley-terry', 'train.parquet'), '--method', 'bt']);
    await addReward(folder);
    const free = await runCli(folder, ['graders', 'compare', 'bradley-terry-train', 'gpu', test]);
    expect(free.stdout).toMatch(/^A bradley-terry-train, B gpu on .*test\.parquet: 83 records that both graded/);
    expect(free.stdout).toMatch(/pair accuracy: A 0\.867, B 0\.\d{3}, B minus A/);
    // A length is no wish for it: the endpoint that rewards length is right as often as picking the longer response.
    const { differences } = await runCliJson<{ differences: { b: number }[] }>(folder, [
      'graders',
      'compare',
      'bradley-terry-train',
      'gpu',
      test,
    ]);
    const { evaluation } = await runCliJson<{
      evaluation: { baselines: { baseline: string; measure: { name: string; value: number } }[] };
    }>(folder, ['evaluate', 'bradley-terry-train', test]);
    const longer = evaluation.baselines.find(({ baseline }) => baseline === 'pick-longer');
    expect(differences[0]!.b).toBeCloseTo(longer!.measure.value, 2);
    const asked = endpoint.connections;
    const file = path.join(folder, '.reward-studio', 'graders.json');
    const { graders } = JSON.parse(readFileSync(file, 'utf8'));
    const price = { input_per_million: 1, output_per_million: 1 };
    writeFileSync(file, JSON.stringify({ version: 1, graders: graders.map((each: object) => ({ ...each, price })) }));
    const refused = await runCli(folder, ['graders', 'compare', 'bradley-terry-train', 'gpu', test]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(
      /"gpu" costs money, and is asked for every labelled row\. Agree with --accept-cost\./,
    );
    expect(endpoint.connections).toBe(asked);
  });
});
