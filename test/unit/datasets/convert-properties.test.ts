import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDataset } from '../../../src/core/datasets/checks/check-dataset.ts';
import { type ConvertOptions, convert } from '../../../src/core/datasets/convert.ts';
import { loadRecords } from '../../../src/core/datasets/load-records.ts';
import { promptOf, type TrainingRecord } from '../../../src/core/datasets/records.ts';
import type { Layout } from '../../../src/core/datasets/writers/dialects/dialect.ts';
import { DIALECTS, findDialect, layoutOf } from '../../../src/core/datasets/writers/dialects/dialects.ts';
import { OutputFile } from '../../../src/core/datasets/writers/output-file.ts';
import { OUTPUT_FORMATS, recordWriter } from '../../../src/core/datasets/writers/record-writer.ts';
import { StudioError } from '../../../src/core/errors.ts';
import { METHOD_IDS, METHODS, type MethodId } from '../../../src/core/methods/method.ts';
import { ANY_RECORD } from './any-records.ts';
import { suiteFolder, withDataset } from './files.ts';

const folder = suiteFolder();
let names = 0;
const fresh = (kind: string) => path.join(folder(), `${kind}${names++}`);

/** The records in our own layout, which holds all of them. */
async function source(method: MethodId, records: readonly TrainingRecord[]): Promise<string> {
  const file = await OutputFile.create(`${fresh('source')}.jsonl`, false);
  const writer = recordWriter(file, 'jsonl', method);
  for (const record of records) await writer.write(record);
  await writer.finish();
  await file.finish();
  await file.commit();
  return file.path;
}

async function converted(options: Omit<ConvertOptions, 'outputDir'>) {
  const report = await convert({ ...options, outputDir: fresh('out') });
  const parts = await Promise.all(
    report.files.map(async (file) => {
      const { records, problems } = await loadRecords(file.path, METHODS[options.method]);
      expect(problems.count).toBe(0);
      return records.map(({ record }) => record);
    }),
  );
  return { report, parts };
}

const LAYOUTS = DIALECTS.flatMap(({ id, layouts }) =>
  METHOD_IDS.filter((method) => typeof layouts[method] !== 'string').flatMap((method) =>
    OUTPUT_FORMATS.map((format) => [method, id, format] as const),
  ),
);

const without = (record: TrainingRecord, { loses = [] }: Layout) =>
  Object.fromEntries(Object.entries(record).filter(([field]) => !(loses as readonly string[]).includes(field)));

describe('there and back', () => {
  it.each(LAYOUTS)('%s in %s as %s loses nothing that it can hold', async (method, dialect, format) => {
    const layout = layoutOf(findDialect(dialect), method);
    const holds = (record: TrainingRecord) => layout.unfit?.(record) === undefined;
    const some = fc.array(ANY_RECORD[method], { minLength: 1, maxLength: 8 }).filter((list) => list.some(holds));
    await fc.assert(
      fc.asyncProperty(some, async (records) => {
        const held = records.filter(holds);
        const there = await converted({ input: await source(method, records), method, dialect, format });
        const leftOut = there.report.dropped.reduce((sum, { count }) => sum + count, 0);
        expect([there.report.records, leftOut]).toEqual([held.length, records.length - held.length]);
        const back = await converted({ input: there.report.files[0]!.path, method });
        expect(back.parts[0]).toEqual(held.map((record) => without(record, layout)));
        expect(back.report.dropped).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });
});

/** Few prompts, so that many rows share one; in other blanks it is still the same prompt. */
const PROMPTS = ['a', 'b', ' b ', 'c', 'c\t', 'd', 'd  d', 'd d', 'e', 'f'];
const withFewPrompts = (method: MethodId) =>
  fc.array(fc.tuple(ANY_RECORD[method], fc.constantFrom(...PROMPTS)), { minLength: 12, maxLength: 40 }).map((list) =>
    list.map(([record, content]): TrainingRecord => {
      const prompt = [{ role: 'user' as const, content }];
      if (record.kind === 'conversation') return { ...record, messages: [...prompt, ...record.messages.slice(-1)] };
      return { ...record, prompt };
    }),
  );
/** The one message before the response, whatever its blanks. */
const promptText = (record: TrainingRecord) => promptOf(record)[0]!.content.trim().split(/\s+/).join(' ');
const SHARES = fc.constantFrom({ train: 0.8, test: 0.2 }, { train: 0.6, val: 0.2, test: 0.2 });

describe('a split', () => {
  it.each(METHOD_IDS)('of %s keeps every row, and no prompt lies in two parts', async (method) => {
    const labelled = method === 'pointwise' || method === 'pairwise';
    const options = fc.record({
      split: SHARES,
      seed: fc.integer({ min: 0, max: 1_000 }),
      stratify: labelled ? fc.boolean() : fc.constant(false),
      bothOrders: method === 'pairwise' ? fc.boolean() : fc.constant(false),
    });
    await fc.assert(
      fc.asyncProperty(withFewPrompts(method), options, async (records, asked) => {
        const done = converted({ input: await source(method, records), method, ...asked });
        // So few prompts may leave a part empty, which is refused.
        const result = await done.catch((error: unknown) => {
          if (error instanceof StudioError && error.code === 'too-few-rows') return undefined;
          throw error;
        });
        fc.pre(result !== undefined);
        const { parts } = result!;
        expect(parts.flat()).toHaveLength(records.length * (asked.bothOrders ? 2 : 1));
        const keys = parts.map((part) => new Set(part.map(promptText)));
        const all = new Set(keys.flatMap((part) => [...part]));
        expect(keys.reduce((sum, part) => sum + part.size, 0)).toBe(all.size);
      }),
      { numRuns: 25 },
    );
  });
});

const GOOD = { prompt: 'q', chosen: 'good', rejected: 'bad' };
const MALFORMED = [
  '{"prompt": "q", "chosen": "good"',
  'not JSON',
  '[1, 2]',
  '"text"',
  '12',
  '{"prompt":"q","chosen":"a","rejected":"b"}}',
];
const UNUSABLE = [
  { ...GOOD, chosen: null },
  { ...GOOD, rejected: '' },
  { ...GOOD, rejected: 'good' },
  { ...GOOD, prompt: [] as unknown[], chosen: { role: 'assistant' } },
  { ...GOOD, chosen: [{ role: 'user', content: 'x' }] },
  { prompt: 'q' },
  {},
];
const line = fc.oneof(
  fc.record({
    bad: fc.constant(undefined),
    text: fc.nat().map((n) => JSON.stringify({ ...GOOD, chosen: `good ${n}` })),
  }),
  fc.record({ bad: fc.constant('line' as const), text: fc.constantFrom(...MALFORMED) }),
  fc.record({
    bad: fc.constant('row' as const),
    text: fc.constantFrom(...UNUSABLE).map((row) => JSON.stringify(row)),
  }),
);

describe('bad rows', () => {
  it('never stop the others: each is counted, and the first are listed', async () => {
    const lines = fc
      .array(line, { minLength: 2, maxLength: 60 })
      // A shape is known by at least half of the rows.
      .filter((list) => list.filter(({ bad }) => !bad).length > list.filter(({ bad }) => bad === 'row').length);
    await fc.assert(
      fc.asyncProperty(lines, async (list) => {
        const input = `${fresh('lines')}.jsonl`;
        await writeFile(input, list.map(({ text }) => `${text}\n`).join(''));
        const count = (kind: 'line' | 'row' | undefined) => list.filter(({ bad }) => bad === kind).length;
        const { report, parts } = await converted({ input, method: 'bradley-terry' });
        expect([report.rows, report.records]).toEqual([list.length - count('line'), count(undefined)]);
        expect(parts[0]!.map((record) => record.kind === 'preference-pair' && record.chosen[0]?.content)).toEqual(
          list.filter(({ bad }) => !bad).map(({ text }) => JSON.parse(text).chosen),
        );
        const dropped = report.dropped.filter(({ reason }) => reason !== 'malformed-line');
        expect(dropped.reduce((sum, { count: rows }) => sum + rows, 0)).toBe(count('row'));
        const malformed = report.dropped.find(({ reason }) => reason === 'malformed-line');
        const at = list.flatMap(({ bad }, index) => (bad === 'line' ? [index + 1] : []));
        expect([malformed?.count ?? 0, malformed?.firstRows ?? []]).toEqual([at.length, at.slice(0, 10)]);
        const checked = await withDataset(input, (dataset) => checkDataset(dataset, 'bradley-terry'));
        expect(checked.totals).toEqual({ rows: report.rows, usable: count(undefined), dropped: count('row') });
      }),
      { numRuns: 25 },
    );
  });
});
