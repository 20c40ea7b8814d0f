import { describe, expect, it } from 'vitest';
import type { ColumnStatistics, Filter } from '../../../src/core/queries/questions.ts';
import { statistics } from '../../../src/core/queries/statistics.ts';
import { gather, openSession, type Sample, writeSamples } from './sessions.ts';

const ROWS: Sample[] = Array.from({ length: 250 }, (_, row) => ({
  text: row % 10 === 0 ? null : row % 10 === 1 ? '' : 'ä'.repeat(row),
  other: ['A', 'B', 'tie', null][(row * row) % 4]!,
  whole: row === 3 ? Number.MAX_SAFE_INTEGER : row % 50,
  real: row % 5 === 0 ? null : row / 8,
  flag: null,
  messages: row % 7 === 0 ? [] : Array.from({ length: row % 3 }, () => ({ role: 'user', content: 'x'.repeat(300) })),
}));

async function ask(dataset: string, filter?: Filter) {
  const session = await openSession(dataset);
  const gathered = gather();
  const answer = await statistics(session, filter ? { filter } : {}, gathered.answering);
  return { answer, columns: gathered.of('column'), progress: gathered.of('progress') };
}

const present = <K extends keyof Sample>(rows: readonly Sample[], key: K) =>
  rows.map((row) => row[key]).filter((value) => value !== null) as NonNullable<Sample[K]>[];

function medianOf(numbers: readonly number[]): number {
  const ordered = [...numbers].sort((a, b) => a - b);
  return (ordered[Math.floor((ordered.length - 1) / 2)]! + ordered[Math.floor(ordered.length / 2)]!) / 2;
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function checkAgainst(rows: readonly Sample[], columns: readonly ColumnStatistics[]) {
  const [text, other, whole, real, flag, messages] = columns as [ColumnStatistics, ...ColumnStatistics[]];
  const lengths = present(rows, 'text').map((value) => [...value].length);
  expect(text).toMatchObject({
    rows: rows.length,
    nulls: rows.filter((row) => row.text === null).length,
    empty: lengths.filter((length) => length === 0).length,
    range: null,
    moments: null,
    distinct: { count: new Set(present(rows, 'text')).size, approximate: false },
    lengths: { of: 'characters', min: Math.min(...lengths), max: Math.max(...lengths), median: medianOf(lengths) },
  });
  expect(text.lengths!.mean).toBeCloseTo(mean(lengths), 9);
  expect(text.lengths!.bins.length).toBeLessThanOrEqual(30);
  expect(text.lengths!.bins.reduce((sum, count) => sum + count, 0)).toBe(lengths.length);

  const counts = new Map<string, number>();
  for (const value of present(rows, 'other')) counts.set(value, (counts.get(value) ?? 0) + 1);
  expect(other!.labels!.map(({ value, count }) => [value, count]).sort()).toEqual([...counts].sort());
  const ordered = other!.labels!.map(({ count }) => count);
  expect(ordered).toEqual([...ordered].sort((a, b) => b - a));

  expect(whole!.range).toEqual({
    min: Math.min(...present(rows, 'whole')),
    max: Math.max(...present(rows, 'whole')),
  });
  const reals = present(rows, 'real');
  const deviation = Math.sqrt(reals.reduce((sum, value) => sum + (value - mean(reals)) ** 2, 0) / (reals.length - 1));
  expect(real!.moments!.mean).toBeCloseTo(mean(reals), 9);
  expect(real!.moments!.sd).toBeCloseTo(deviation, 9);
  expect(real!.moments).toMatchObject({ median: medianOf(reals), medianApproximate: false });
  expect(flag).toMatchObject({ nulls: rows.length, top: [], labels: null });
  const items = present(rows, 'messages').map((list) => list.length);
  expect(messages).toMatchObject({
    empty: items.filter((length) => length === 0).length,
    lengths: { of: 'items', min: 0, max: 2, median: medianOf(items) },
  });
  expect(messages!.top!.some(({ value, chars }) => chars > 300 && value.length === 200)).toBe(true);
}

describe('statistics of columns', () => {
  it.each(['parquet', 'jsonl'] as const)('are those of a plain count of the whole file: %s', async (kind) => {
    const { answer, columns, progress } = await ask(writeSamples(kind, ROWS));
    expect(answer.rows).toBe(ROWS.length);
    expect(columns.map(({ column }) => column)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(progress.at(-1)!.done).toBe(1);
    checkAgainst(ROWS, columns);
  });

  it('are those of the rows that a filter leaves', async () => {
    const filter: Filter = {
      kind: 'any',
      of: [
        { kind: 'compare', column: 2, operator: '<', value: 30 },
        { kind: 'compare', column: 1, operator: '=', value: 'tie' },
      ],
    };
    const kept = ROWS.filter((row) => row.whole! < 30 || row.other === 'tie');
    const { answer, columns } = await ask(writeSamples('parquet', ROWS), filter);
    expect(answer.rows).toBe(kept.length);
    checkAgainst(kept, columns);
  });

  it('of no rows are empty, not wrong', async () => {
    const { columns } = await ask(writeSamples('parquet', ROWS), { kind: 'any', of: [] });
    for (const column of columns) {
      expect(column).toMatchObject({
        rows: 0,
        nulls: 0,
        range: null,
        moments: null,
        lengths: null,
        top: [],
        labels: null,
      });
    }
  });

  it('of numbers too large to square leave the deviation out, and keep the rest', async () => {
    const rows = [1e300, -1e300, 1e308].map((real) => ({ ...ROWS[0]!, real }));
    const { columns } = await ask(writeSamples('parquet', rows));
    expect(columns[3]).toMatchObject({ range: { min: -1e300, max: 1e308 }, moments: { median: 1e300, sd: null } });
  });
});
