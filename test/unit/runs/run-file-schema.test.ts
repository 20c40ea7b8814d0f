/** The JSON Schema that editors use and the parser that runs use are one thing: what one accepts, the other does. */

import Ajv from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddedSettingsSchema } from '../../../src/core/engines/embedded/model.ts';
import { ENGINES } from '../../../src/core/engines/known-engines.ts';
import { trlSettingsSchema } from '../../../src/core/engines/trl/settings.ts';
import { METHOD_IDS } from '../../../src/core/methods/method.ts';
import { runFileJsonSchema } from '../../../src/core/runs/run-file-schema.ts';
import { ENGINE_IDS, parseRunFile, runFileSchema } from '../../../src/core/runs/spec.ts';

const schema = runFileJsonSchema();
const validate = new Ajv({ strict: false }).compile(schema);

/** What a run does with its file before it reads any data. */
function parserAccepts(value: unknown): boolean {
  try {
    const file = parseRunFile(JSON.stringify(value), 'a.rmrun.json');
    const engine = ENGINES[file.engine];
    if (!engine) return true;
    engine.resolveSettings(file.settings, file.method);
    if (engine.needsBaseModel && file.base_model === undefined) return false;
    return engine.methods.includes(file.method);
  } catch {
    return false;
  }
}

/** Values at, inside and beyond the limits; of right and wrong types. */
const anySetting = fc.oneof(
  fc.integer({ min: -2, max: 25 }),
  fc.constantFrom(0, -0.1, 0.5, 0.51, 200, 201, 1e-9),
  fc.boolean(),
  fc.string({ maxLength: 3 }),
  fc.constant(null),
);
const settings = fc.dictionary(
  fc.constantFrom(...Object.keys(embeddedSettingsSchema.shape), 'epoch', 'l1'),
  anySetting,
  { maxKeys: 3 },
);
const anyOfCommand = {
  command: fc.oneof(fc.array(fc.constantFrom('python', 'train.py', ''), { maxLength: 3 }), anySetting),
  working_folder: fc.constantFrom('.', '', '../trainer', 4),
  resumes: fc.constantFrom(true, false, 'yes'),
  occupies_target: fc.constantFrom(true, 1),
  secrets: fc.constantFrom(['HF_TOKEN'], ['PATH'], 'HF_TOKEN'),
  parameters: fc.oneof(fc.dictionary(fc.constantFrom('lr', 'a b'), anySetting), anySetting),
  surprise: fc.constant(1),
};
const commandSettings = fc
  .tuple(fc.subarray(Object.keys(anyOfCommand), { maxLength: 2 }), fc.record(anyOfCommand))
  .map(([changed, values]) => ({
    command: ['python'],
    ...Object.fromEntries(changed.map((key) => [key, values[key as keyof typeof values]])),
  }));
const text = fc.oneof(fc.string({ maxLength: 4 }), fc.string({ minLength: 79, maxLength: 82 }), fc.constant(7));
const data = fc.oneof(
  fc.record(
    {
      train: fc.constantFrom('a.jsonl', '', 3),
      validation: fc.constantFrom('b.jsonl', ''),
      map: fc.object({ maxDepth: 1 }),
    },
    { requiredKeys: ['train'] },
  ),
  fc.constantFrom({}, 'a.jsonl', null),
);
const minimal = { method: 'bradley-terry', data: { train: 'a.jsonl' } };
const anyOfAKey = {
  version: fc.constantFrom(1, 2, '1'),
  name: text,
  experiment: text,
  method: fc.constantFrom(...METHOD_IDS, 'dpo'),
  data,
  engine: fc.constantFrom(...ENGINE_IDS, 'imported'),
  target: fc.constantFrom('local', 'ssh:box', 'ssh:', 'ray:http://a:8265', 'cloud', ''),
  base_model: text,
  seed: fc.constantFrom(0, 42, -1, 1.5, 0xffffffff, 0x100000000),
  settings: fc.oneof(settings, fc.constantFrom({}, [])),
  surprise: fc.constant(1),
};
const keys = Object.keys(anyOfAKey) as (keyof typeof anyOfAKey)[];
/** A valid file with up to three keys of any value, so that both sides have something to accept. */
const runFile = fc
  .tuple(fc.subarray(keys, { maxLength: 3 }), fc.record(anyOfAKey))
  .map(([changed, values]) => ({ ...minimal, ...Object.fromEntries(changed.map((key) => [key, values[key]])) }));

describe('the schema of run files', () => {
  it('accepts and refuses what the parser does', () => {
    let accepted = 0;
    fc.assert(
      fc.property(runFile, (value) => {
        const expected = parserAccepts(value);
        if (expected) accepted += 1;
        expect(validate(value), JSON.stringify(validate.errors)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    expect(accepted, 'both answers occur').toBeGreaterThan(100);
  });

  it.each(METHOD_IDS)('accepts and refuses settings of the engine trl as the parser does: %s', (method) => {
    const numbers = fc.oneof(
      fc.integer({ min: -1, max: 5 }),
      fc.constantFrom(0, 0.1, 0.5, 0.51, 1, 1.01, 8, 64, 65, 1e-9, 1e9, 'auto', 'filter', 'fp16', true, null),
    );
    const names = [...Object.keys(trlSettingsSchema(method).shape), 'epoch', 'use_margin', 'both_orders'];
    const some = fc.dictionary(fc.constantFrom(...names), numbers, { maxKeys: 3 });
    let accepted = 0;
    fc.assert(
      fc.property(some, (given) => {
        const value = { ...minimal, method, engine: 'trl', base_model: 'tiny', settings: given };
        const expected = parserAccepts(value);
        if (expected) accepted += 1;
        expect(validate(value), JSON.stringify(validate.errors)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
    expect(accepted, 'both answers occur').toBeGreaterThan(50);
  });

  it('asks for the base model of an engine that needs one', () => {
    const value = { ...minimal, engine: 'trl', settings: {} };
    expect(validate(value)).toBe(false);
    expect(validate({ ...value, base_model: 'owner/name' })).toBe(true);
  });

  it('accepts every valid value of one setting, and only those', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const value = { ...minimal, settings: given };
        expect(validate(value), JSON.stringify(validate.errors)).toBe(parserAccepts(value));
      }),
      { numRuns: 1000 },
    );
  });

  it("does so for a trainer of one's own, which needs a command", () => {
    let accepted = 0;
    const ofCommand = fc.record({ settings: commandSettings }, { requiredKeys: [] });
    fc.assert(
      fc.property(ofCommand, (given) => {
        const value = { ...minimal, engine: 'command', ...given };
        const expected = parserAccepts(value);
        if (expected) accepted += 1;
        expect(validate(value), JSON.stringify(validate.errors)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    expect(accepted, 'both answers occur').toBeGreaterThan(20);
  });

  it('describes every key and every setting, so that an editor can say what they are', () => {
    const properties = schema.properties as Record<string, { description?: string; properties?: object }>;
    expect(Object.keys(properties).sort()).toEqual(Object.keys(runFileSchema.shape).sort());
    const undescribed = Object.entries(properties).filter(([, property]) => !property.description);
    expect(undescribed).toEqual([]);
    const [rule] = schema.allOf as [{ then: { properties: { settings: { properties: Record<string, object> } } } }];
    for (const [name, property] of Object.entries(rule.then.properties.settings.properties)) {
      expect(property, name).toMatchObject({ description: expect.any(String), default: expect.anything() });
    }
  });
});

describe('an unknown key', () => {
  it.each([
    ['of the file', { ...minimal, seeds: 1 }, /"seeds" is not known: did you mean "seed"\?/],
    [
      'of a part of it',
      { ...minimal, data: { train: 'a', valdation: 'b' } },
      /"data.valdation" is not known: did you mean "validation"\?/,
    ],
    ['that resembles none', { ...minimal, zzzzzz: 1 }, /"zzzzzz" is not known: there are \$schema, version, name/],
  ])('%s is refused with the nearest known name', (_what, value, message) => {
    expect(() => parseRunFile(JSON.stringify(value), 'a.rmrun.json')).toThrow(message);
  });

  it('of the settings is refused with the nearest known name', () => {
    expect(() => ENGINES.embedded?.resolveSettings({ epoch: 3 }, 'bradley-terry')).toThrow(
      /"epoch" is not known: did you mean "epochs"\?/,
    );
  });
});
