import { copyFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/core/datasets/open.ts';
import type { Filter, SortKey } from '../../../src/core/queries/questions.ts';
import { rowOrder } from '../../../src/core/queries/row-order.ts';
import { search } from '../../../src/core/queries/search.ts';
import { select } from '../../../src/core/queries/select.ts';
import type { QuerySession } from '../../../src/core/queries/session.ts';
import { textFile } from './query-files.ts';
import { gather, openSession, SAMPLE_COLUMNS, type Sample, writeSamples } from './sessions.ts';

async function order(session: QuerySession, request: { filter?: Filter; sort?: SortKey[] }) {
  const gathered = gather();
  const { rows } = await rowOrder(session, request, gathered.answering);
  expect(gathered.rows().length).toBe(rows);
  return gathered.rows();
}

const rows: Sample[] = fc.sample(
  fc.record({
    text: fc.option(fc.constantFrom('', 'a', 'B', 'ä', '😀', '\ufffd', 'b')),
    other: fc.constant(null),
    whole: fc.option(fc.integer({ min: -2, max: 2 })),
    real: fc.option(fc.constantFrom(-1.5, 0, 1e300)),
    flag: fc.option(fc.boolean()),
    messages: fc.constant(null),
  }),
  { numRuns: 240, seed: 9 },
);

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right as string));
  return Number(left) - Number(right);
}

describe.each(['parquet', 'jsonl'] as const)('sorting %s', (kind) => {
  it('orders as a stable sort does, nulls last in both directions', async () => {
    const session = await openSession(writeSamples(kind, rows));
    const key = fc.record({ column: fc.constantFrom(0, 2, 3, 4), descending: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { minLength: 1, maxLength: 3, selector: ({ column }) => column }),
        async (sort) => {
          const expected = [...rows.keys()].sort((a, b) => {
            for (const { column, descending } of sort) {
              const [left, right] = [a, b].map((row) => rows[row]![SAMPLE_COLUMNS[column]!]);
              if (left === null || right === null) {
                if (left === right) continue;
                return left === null ? 1 : -1;
              }
              const found = compare(left, right);
              if (found !== 0) return descending ? -found : found;
            }
            return a - b;
          });
          expect(await order(session, { sort })).toEqual(expected);
        },
      ),
      { numRuns: 40, seed: 2 },
    );
  });
});

describe('rows of a dataset', () => {
  it('are numbered through all of its shards', async () => {
    const shard = (first: number, count: number) =>
      Array.from({ length: count }, (_, row) => ({ ...rows[0]!, whole: first + row, text: `row ${first + row}` }));
    const folder = path.dirname(writeSamples('parquet', shard(0, 120), 'part-0.parquet'));
    copyFileSync(writeSamples('parquet', shard(120, 7), 'x.parquet'), path.join(folder, 'part-1.parquet'));
    copyFileSync(writeSamples('parquet', shard(127, 60), 'x.parquet'), path.join(folder, "part-2 it's [1].parquet"));
    const session = await openSession(folder);
    expect(session.summary().rowCount).toBe(187);
    const filter: Filter = { kind: 'compare', column: 2, operator: '>=', value: 118 };
    expect(await order(session, { filter })).toEqual(Array.from({ length: 69 }, (_, index) => 118 + index));
    const gathered = gather();
    await search(session, { text: 'row', columns: [0] }, gathered.answering);
    expect(gathered.rows()).toEqual([...Array(187).keys()]);
  });

  it.each([
    ['broken.jsonl', '{"a": 1}\n\nnot JSON\n{"a": 2, "b": {"c": 1}}\n[3]\n  \n{"a": 1e400}\r\n{"a": "four", "b": 2}'],
    ['mixed.jsonl', '{"n": 1}\n{"n": 2.5}\n{"n": null}\n{"n": 9007199254740993}\n'],
    ['huge.jsonl', '{"n": 1}\n{"n": 1e30}\n'],
    ['exact.jsonl', '{"n": 1}\n{"n": 18446744073709551615}\n{"n": -9223372036854775809}\n'],
    ['odd.csv', 'a,b,a,\n"x, ""y""\nz",2,3,4\n\n,,,\n'],
    ['list.json', '[{"a": [1, "x"]}, {"a": null}, {}]'],
  ])('of text files are those of the reader: %s', async (name, content) => {
    const file = textFile(name, content);
    const dataset = await openDataset(file);
    const read: (readonly unknown[])[] = [];
    for await (const batch of dataset.read({ start: 0, end: dataset.rowCount })) read.push(...batch.rows);
    await dataset.close();
    const session = await openSession(file);
    const gathered = gather();
    await select(session, { sql: 'FROM data ORDER BY row_index', limit: 100 }, gathered.answering);
    const { columns } = session.summary();
    const values = gathered.cells().map((cells) =>
      columns.map(({ type }, column) => {
        const cell = cells[column];
        return type === 'JSON' && typeof cell === 'string' ? JSON.parse(cell) : cell;
      }),
    );
    const asked = (cell: unknown, column: number) => {
      if (typeof cell === 'bigint') return columns[column]?.type === 'DOUBLE' ? Number(cell) : String(cell);
      return typeof cell === 'number' && !Number.isFinite(cell) ? null : cell;
    };
    expect(values).toEqual(read.map((row) => row.map(asked)));
    expect(gathered.cells().map((cells) => cells.at(-1))).toEqual([...read.keys()]);
  });
});
