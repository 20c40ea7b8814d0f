import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from '../../../src/core/runs/decimate.ts';

const kept = (x: readonly number[], y: readonly number[], from: number, to: number, buckets: number) =>
  decimate({ x: (point) => x[point]!, y: (point) => y[point]!, count: x.length }, from, to, buckets);

const curves = fc
  .array(fc.tuple(fc.double({ min: 0.001, max: 10, noNaN: true }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
    maxLength: 400,
  })
  .map((points) => {
    let x = 0;
    return { x: points.map(([gap]) => (x += gap)), y: points.map(([, value]) => value) };
  });
const ranges = fc.tuple(
  fc.double({ min: -10, max: 500, noNaN: true }),
  fc.double({ min: 0.1, max: 2_000, noNaN: true }),
);

describe('a decimated curve', () => {
  it('is itself where its points are few', () => {
    expect(kept([1, 2, 3], [5, 6, 7], 1, 3, 10)).toEqual([0, 1, 2]);
  });

  it('goes on to the points beside the range', () => {
    expect(kept([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], 2.5, 3.5, 10)).toEqual([1, 2, 3]);
    expect(kept([1, 9], [0, 0], 4, 5, 10)).toEqual([0, 1]);
  });

  it('keeps a spike of one point among a million', () => {
    const y = new Float64Array(1_000_000);
    y[654_321] = 7;
    const points = decimate({ x: (point) => point, y: (point) => y[point]!, count: y.length }, 0, y.length, 500);
    expect(points).toContain(654_321);
    expect(points.length).toBeLessThanOrEqual(1_000);
  });

  it('keeps the place of a value that is not finite', () => {
    const y = Array.from({ length: 100 }, (_, at) => (at === 50 ? Number.NaN : at));
    expect(kept([...y.keys()], y, 0, 99, 5)).toContain(50);
  });

  it('has the extremes of the range, points of the curve only, in their order, and few of them', () => {
    fc.assert(
      fc.property(curves, ranges, fc.integer({ min: 1, max: 60 }), ({ x, y }, [from, width], buckets) => {
        const to = from + width;
        const points = kept(x, y, from, to, buckets);
        const inside = [...x.keys()].filter((point) => x[point]! >= from && x[point]! <= to);
        expect(points).toEqual([...new Set(points)].sort((a, b) => a - b));
        expect(points.length).toBeLessThanOrEqual(2 * buckets + 2);
        const values = points.filter((point) => inside.includes(point)).map((point) => y[point]!);
        if (inside.length > 0) {
          expect(Math.min(...values)).toBe(Math.min(...inside.map((point) => y[point]!)));
          expect(Math.max(...values)).toBe(Math.max(...inside.map((point) => y[point]!)));
        }
      }),
    );
  });
});
