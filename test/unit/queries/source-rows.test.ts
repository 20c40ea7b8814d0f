import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RowUnit, type SourceRows, windowsOf } from '../../../src/core/queries/source-rows.ts';

/** A source whose windows say which rows they are. */
function sourceOf(units: readonly RowUnit[]): SourceRows {
  const window = (ranges: readonly RowUnit[]) => ({
    rows: ranges.reduce((sum, { first, end }) => sum + end - first, 0),
    from: JSON.stringify(ranges),
  });
  return {
    rowCount: units.reduce((sum, { first, end }) => sum + end - first, 0),
    types: [],
    leaves: [],
    units,
    window,
  };
}

const ROWS = 100;
const unitsOf = (count: number): RowUnit[] =>
  Array.from({ length: count }, (_, index) => ({ file: 0, first: index * ROWS, end: (index + 1) * ROWS }));

describe('the windows that a search reads', () => {
  it('cover all rows once and in order, the first of them small', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 16 }), (units, threads) => {
        const windows = [...windowsOf(sourceOf(unitsOf(units)), threads)];
        let row = 0;
        for (const { first, end } of windows.flatMap(({ from }) => JSON.parse(from) as RowUnit[])) {
          expect(first).toBe(row);
          row = end;
        }
        expect(row).toBe(units * ROWS);
        if (units > 2 * threads) expect(windows[0]?.rows).toBe(threads * ROWS);
      }),
    );
  });

  it('are few, and none is a small rest', () => {
    const sizes = (units: number) => [...windowsOf(sourceOf(unitsOf(units)), 2)].map(({ rows }) => rows / ROWS);
    expect(sizes(30)).toEqual([2, 8, 20]);
    expect(sizes(3)).toEqual([3]);
    expect(sizes(200)).toEqual([2, 8, 32, 100, 58]);
    expect(sizes(0)).toEqual([]);
  });
});
