import { describe, expect, it } from 'vitest';
import { distributions } from '../../../src/core/queries/distributions.ts';
import type { DistributionsRequest } from '../../../src/core/queries/questions.ts';
import { gather, openSession, type Sample, writeSamples } from './sessions.ts';

const ROWS: Sample[] = Array.from({ length: 300 }, (_, row) => ({
  text: row % 10 === 0 ? null : 'ä'.repeat(row),
  other: null,
  whole: row % 5 === 0 ? null : row - 100,
  real: row === 7 ? Number.NaN : row === 8 ? Number.POSITIVE_INFINITY : row / 8 - 3,
  flag: true,
  messages: Array.from({ length: row % 3 }, () => ({ role: 'user', content: 'x' })),
}));

async function ask(dataset: string, request: DistributionsRequest = {}) {
  const session = await openSession(dataset);
  const gathered = gather();
  const answer = await distributions(session, request, gathered.answering);
  return { answer, found: gathered.of('distribution') };
}

/** Counted one by one, in the bins that were answered. */
function countedIn(
  numbers: readonly number[],
  { min, binWidth, bins }: { min: number; binWidth: number; bins: readonly number[] },
) {
  const counts = bins.map(() => 0);
  for (const number of numbers) {
    const bin = Math.max(0, Math.min(bins.length - 1, Math.floor((number - min) / binWidth)));
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

const NUMBERS: Record<number, (row: Sample) => number | null> = {
  0: ({ text }) => (text === null ? null : [...text].length),
  2: ({ whole }) => whole,
  3: ({ real }) => (Number.isFinite(real) ? real : null),
  5: ({ messages }) => messages?.length ?? null,
};
const numbersOf = (column: number, rows: readonly Sample[]) => rows.flatMap((row) => NUMBERS[column]!(row) ?? []);

describe('distributions of columns', () => {
  it('count every finite number and every length in at most thirty bins', async () => {
    const { answer, found } = await ask(writeSamples('parquet', ROWS));
    // A column of nulls only, and one of booleans, have none.
    expect(found.map(({ column, of }) => [column, of])).toEqual([
      [0, 'characters'],
      [2, 'values'],
      [3, 'values'],
      [5, 'items'],
    ]);
    expect(answer.columns).toBe(4);
    for (const distribution of found) {
      const numbers = numbersOf(distribution.column, ROWS);
      expect(distribution).toMatchObject({ min: Math.min(...numbers), max: Math.max(...numbers) });
      expect(distribution.bins.length).toBeLessThanOrEqual(30);
      expect(distribution.bins).toEqual(countedIn(numbers, distribution));
    }
  });

  it('of the rows that a filter leaves are counted in the bins of the whole file', async () => {
    const dataset = writeSamples('parquet', ROWS);
    const whole = (await ask(dataset)).found;
    const scales = whole.map(({ column, min, max, binWidth, bins }) => ({
      column,
      min,
      max,
      binWidth,
      count: bins.length,
    }));
    const filter = { kind: 'compare', column: 2, operator: '<', value: 20 } as const;
    const { found } = await ask(dataset, { filter, scales });
    const left = ROWS.filter(({ whole: value }) => value !== null && value < 20);
    for (const [at, distribution] of found.entries()) {
      const { column, binWidth, bins } = whole[at]!;
      expect(distribution).toMatchObject({ column, binWidth });
      expect(distribution.bins.length).toBe(bins.length);
      expect(distribution.bins).toEqual(countedIn(numbersOf(column, left), distribution));
    }
  });

  it('of numbers as far apart as numbers can be are counted, too', async () => {
    const rows = [-1.7e308, 0, 1.7e308].map((real) => ({ ...ROWS[1]!, real }));
    const [found] = (await ask(writeSamples('parquet', rows), { columns: [3] })).found;
    expect(found!.bins.filter((bin) => bin > 0)).toEqual([1, 1, 1]);
    expect([found!.bins[0], found!.bins[29]]).toEqual([1, 1]);
  });
});
