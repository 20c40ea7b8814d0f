import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatColumn } from '../../../src/core/runs/growing-columns.ts';
import { SmoothedCurve } from '../../../src/core/runs/smoothing.ts';

function curveOf(values: readonly number[], rewrites = 0) {
  const value = floatColumn();
  for (const each of values) value.push(each);
  return { value, rewrites };
}

/** The weighted mean that the recursion comes to: weight beta^(t - i) of value i. */
function weightedMean(values: readonly number[], beta: number): number {
  const weights = values.map((_, at) => beta ** (values.length - 1 - at));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.reduce((sum, value, at) => sum + value * weights[at]!, 0) / total;
}

describe('a smoothed curve', () => {
  it('is the mean of the values so far, each counting less by beta with every later one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (values, beta) => {
          const smoothed = new SmoothedCurve(beta).of(curveOf(values));
          for (let at = 0; at < values.length; at += 1) {
            expect(smoothed[at]).toBeCloseTo(weightedMean(values.slice(0, at + 1), beta), 6);
          }
        },
      ),
    );
  });

  it('starts at the first value, not at zero', () => {
    expect(new SmoothedCurve(0.9).of(curveOf([0.7, 0.7]))[0]).toBeCloseTo(0.7);
  });

  it('goes on where it ended when the curve grows', () => {
    const curve = curveOf([1, 2]);
    const smoothed = new SmoothedCurve(0.5);
    smoothed.of(curve);
    curve.value.push(3);
    expect([...smoothed.of(curve).subarray(0, 3)]).toEqual([
      ...new SmoothedCurve(0.5).of(curveOf([1, 2, 3])).subarray(0, 3),
    ]);
  });

  it('begins anew when values of the curve were taken back', () => {
    const smoothed = new SmoothedCurve(0.5);
    smoothed.of(curveOf([1, 2, 3]));
    expect(smoothed.of(curveOf([1, 9], 1))[1]).toBeCloseTo(weightedMean([1, 9], 0.5));
  });

  it('passes over values that are not finite', () => {
    const smoothed = new SmoothedCurve(0.5).of(curveOf([1, Number.NaN, 2, Number.POSITIVE_INFINITY]));
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBeCloseTo(weightedMean([1, 2], 0.5));
    expect(smoothed[3]).toBeNaN();
  });
});
