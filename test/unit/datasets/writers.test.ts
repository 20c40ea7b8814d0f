import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import type { Message, TrainingRecord } from '../../../src/core/datasets/records.ts';
import type { Layout } from '../../../src/core/datasets/writers/dialects/dialect.ts';
import { DIALECTS, findDialect, layoutOf } from '../../../src/core/datasets/writers/dialects/dialects.ts';
import { OutputFile } from '../../../src/core/datasets/writers/output-file.ts';
import { OUTPUT_FORMATS, type OutputFormat, recordWriter } from '../../../src/core/datasets/writers/record-writer.ts';
import { METHOD_IDS, METHODS, type MethodId } from '../../../src/core/methods/method.ts';
import { readAll, suiteFolder, withDataset } from './files.ts';

const folder = suiteFolder();
let files = 0;

async function write(
  method: MethodId,
  format: OutputFormat,
  records: Iterable<TrainingRecord>,
  layout?: Layout,
): Promise<string> {
  const file = await OutputFile.create(path.join(folder(), `data${files++}.${format}`), false);
  const writer = recordWriter(file, format, method, layout, 'train');
  for (const record of records) await writer.write(record);
  await writer.finish();
  await file.finish();
  await file.commit();
  return file.path;
}

// Text of any kind, but without blanks at its ends, and not JSON, which a reader would decode.
const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((middle) => `t${middle}t`);
const said = (role: Message['role']) => text.map((content): Message => ({ role, content }));
const prompt = fc.oneof(
  fc.constant([]),
  fc.tuple(said('user')),
  fc.tuple(said('system'), said('user')),
  fc.tuple(said('user'), said('assistant'), said('user')),
);
const completion = fc.tuple(said('assistant'));
const RECORDS: Record<MethodId, fc.Arbitrary<TrainingRecord>> = {
  'bradley-terry': fc
    .record(
      {
        kind: fc.constant('preference-pair' as const),
        prompt,
        chosen: completion,
        rejected: completion,
        margin: fc.double({ min: 0.01, max: 9, noNaN: true }),
      },
      { requiredKeys: ['kind', 'prompt', 'chosen', 'rejected'] },
    )
    .filter((pair) => pair.chosen[0].content !== pair.rejected[0].content),
  pointwise: fc.record({
    kind: fc.constant('scored-response' as const),
    prompt,
    response: completion,
    score: fc.integer({ min: 0, max: 4 }),
  }),
  pairwise: fc.record(
    {
      kind: fc.constant('compared-responses' as const),
      prompt,
      responseA: completion,
      responseB: completion,
      preferred: fc.constantFrom('A' as const, 'B' as const, 'tie' as const),
      strength: fc.double({ min: 0, max: 2, noNaN: true }),
    },
    { requiredKeys: ['kind', 'prompt', 'responseA', 'responseB', 'preferred'] },
  ),
  sft: fc.record({ kind: fc.constant('conversation' as const), messages: fc.tuple(said('user'), said('assistant')) }),
};

const LAYOUTS = DIALECTS.flatMap((dialect) =>
  METHOD_IDS.filter((method) => typeof dialect.layouts[method] !== 'string').flatMap((method) =>
    OUTPUT_FORMATS.map((format) => [dialect.id, method, format] as const),
  ),
);

/** The reader of this shape does not take the strength: a margin there is on another scale. */
const READ_WITHOUT_STRENGTH = new Set(['judge-spec']);

function without(record: TrainingRecord, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !fields.includes(name)));
}

describe('every dialect', () => {
  it.each(LAYOUTS)('%s rows of %s in %s are recognised and give the same records', async (id, method, format) => {
    const layout = layoutOf(findDialect(id), method);
    const held = RECORDS[method].filter((record) => layout.unfit?.(record) === undefined);
    const lost = [...(layout.loses ?? []), ...(READ_WITHOUT_STRENGTH.has(id) ? ['strength'] : [])];
    await fc.assert(
      fc.asyncProperty(fc.array(held, { minLength: 1, maxLength: 8 }), async (records) => {
        const file = await write(method, format, records, layout);
        const loaded = await loadRecords(file, METHODS[method]);
        expect(loaded.records.map(({ record }) => without(record, lost))).toEqual(
          records.map((record) => without(record, lost)),
        );
      }),
      { numRuns: 6 },
    );
  });

  it.each([
    ['trl', 'pointwise', /pairs alone/],
    ['openrlhf', 'pairwise', /pairs alone/],
    ['llama-factory', 'pointwise', /no rows of scores/],
    ['verl', 'bradley-terry', /no rows of pairs/],
  ] as const)('%s says why it has no rows for %s', (id, method, reason) => {
    expect(() => layoutOf(findDialect(id), method)).toThrow(reason);
  });

  it('is chosen by a name that exists', () => {
    expect(() => findDialect('axolotl')).toThrow(/no dialect "axolotl"/);
  });
});

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const pair = (changes: Partial<Extract<TrainingRecord, { kind: 'preference-pair' }>>): TrainingRecord => ({
  kind: 'preference-pair',
  prompt: [user('q')],
  chosen: [assistant('good')],
  rejected: [assistant('bad')],
  ...changes,
});

describe('what a dialect cannot hold of a pair', () => {
  it.each([
    ['text', { prompt: [{ role: 'system', content: 's' }, user('q')] }, 'role-not-in-dialect'],
    ['text', { prompt: [user('he said\n\nAssistant: yes')] }, 'turn-mark-in-text'],
    ['text', { rejected: [assistant(' good\n')] }, 'identical-pair'],
    ['json', { prompt: [assistant('hello'), user('q')] }, 'prompt-begins-with-assistant'],
    ['openrlhf', { prompt: [assistant('hello')] }, 'prompt-begins-with-assistant'],
    ['trl', { prompt: [] }, 'no-prompt'],
    ['llama-factory', { prompt: [] }, 'no-prompt'],
    ['llama-factory', { prompt: [user('a'), user('b')] }, 'roles-not-alternating'],
    ['llama-factory', { prompt: [user('a'), assistant('b')] }, 'roles-not-alternating'],
    ['llama-factory', { chosen: [assistant('a'), user('b'), assistant('c')] }, 'multi-message-response'],
  ] as const)('%s, %j: %s', (id, changes, reason) => {
    const layout = layoutOf(findDialect(id), 'bradley-terry');
    expect(layout.unfit?.(pair(changes))).toBe(reason);
    expect(layout.unfit?.(pair({}))).toBeUndefined();
  });
});

describe('the rows of a dialect', () => {
  const row = async (id: string, method: MethodId, record: TrainingRecord) => {
    const file = await write(method, 'parquet', [record], layoutOf(findDialect(id), method));
    return withDataset(file, async ({ columns }) => {
      const [cells] = await readAll(file);
      return Object.fromEntries(columns.map(({ name }, index) => [name, cells?.[index]]));
    });
  };

  it('are hh-rlhf dialogues in plain text', async () => {
    expect(await row('text', 'bradley-terry', pair({}))).toEqual({
      chosen: '\n\nHuman: q\n\nAssistant: good',
      rejected: '\n\nHuman: q\n\nAssistant: bad',
    });
  });

  it('have margin 0 where there is none for trainers that subtract it', async () => {
    expect((await row('trl', 'bradley-terry', pair({}))).margin).toBe(0);
    expect((await row('openrlhf', 'bradley-terry', pair({ margin: 2 }))).margin).toBe(2);
  });

  it('are {from, value} for LLaMA-Factory', async () => {
    expect(await row('llama-factory', 'bradley-terry', pair({}))).toEqual({
      conversations: [{ from: 'human', value: 'q' }],
      chosen: { from: 'gpt', value: 'good' },
      rejected: { from: 'gpt', value: 'bad' },
    });
  });

  it('are a judging task with its ground truth for verl', async () => {
    const found = await row('verl', 'pairwise', {
      kind: 'compared-responses',
      prompt: [user('q')],
      responseA: [assistant('one')],
      responseB: [assistant('two')],
      preferred: 'tie',
      strength: 0,
    });
    expect(found).toMatchObject({
      data_source: 'reward-studio',
      ability: 'judge',
      reward_model: {
        style: 'rule',
        ground_truth: { preference: 'tie', preference_strength: 0, task_type: 'pairwise' },
      },
      extra_info: { split: 'train', index: 0 },
    });
    expect(found.prompt).toMatchObject([{ role: 'user', content: expect.stringContaining('# Response B\ntwo') }]);
  });

  it('have the label in each answer for the judge trainer', async () => {
    const scored = { kind: 'scored-response', prompt: [user('q')], response: [assistant('r')], score: 3 } as const;
    expect(await row('judge-now', 'pointwise', scored)).toEqual({
      input: [user('q')],
      output: [{ answer: { role: 'assistant', content: 'r', label: { helpfulness: 3 } } }],
      source: 'helpsteer2',
    });
    expect(await row('judge-spec', 'pointwise', scored)).toEqual({
      input: [user('q')],
      output: { content: 'r', label: { helpfulness: 3 } },
      data_source: 'helpsteer2',
    });
  });
});

describe('a Parquet file', () => {
  const scored = (row: number, content: string): TrainingRecord => ({
    kind: 'scored-response',
    prompt: [],
    response: [{ role: 'assistant', content }],
    score: row % 5,
  });

  it('has row groups of at most 5,000 rows', async () => {
    const file = await write(
      'pointwise',
      'parquet',
      Array.from({ length: 12_000 }, (_, row) => scored(row, `text ${row}`)),
    );
    await withDataset(file, async ({ files: [found], rowCount }) => {
      expect(rowCount).toBe(12_000);
      expect(found?.parquet).toMatchObject({ rowGroups: 3, largestRowGroup: 5_000 });
    });
    expect(await readAll(file, { start: 9_999, end: 10_001 })).toEqual([
      [[], [{ role: 'assistant', content: 'text 9999' }], 4],
      [[], [{ role: 'assistant', content: 'text 10000' }], 0],
    ]);
  });

  it('has row groups far below 128 MB of text, and a page index', async () => {
    const long = 'long '.repeat(200_000);
    const file = await write(
      'pointwise',
      'parquet',
      Array.from({ length: 40 }, (_, row) => scored(row, `${row}${long}`)),
    );
    await withDataset(file, async ({ files: [found] }) => {
      expect(found?.parquet).toMatchObject({ rowGroups: 3, largestRowGroup: 17, pageIndex: true });
    });
  });
});
