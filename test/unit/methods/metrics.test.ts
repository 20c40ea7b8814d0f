import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../../src/core/methods/intervals.ts';
import { quadraticWeightedKappa, ranked, surprise } from '../../../src/core/methods/metrics.ts';
import { CellTally, MeanTally, ShareTally } from '../../../src/core/methods/tallies.ts';

const meanOf = (values: readonly number[]): MeanTally => {
  const tally = new MeanTally();
  for (const value of values) tally.add(value);
  return tally;
};

const kappaOf = (answers: readonly number[], labels: readonly number[], classes: number) => {
  const tally = new CellTally(classes);
  answers.forEach((answer, row) => {
    tally.add(labels[row]!, answer);
  });
  return quadraticWeightedKappa(tally.cells);
};

describe('the Wilson interval', () => {
  // Known values: Newcombe 1998, Statistics in Medicine 17, table I (method 3).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i of %i is %f to %f', (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it('reaches 1 where all are right', () => {
    expect(wilsonInterval(10, 10)[1]).toBe(1);
  });
});

describe('the interval of a mean', () => {
  it('is the mean plus and minus 1.96 standard errors', () => {
    // Of 1..5: mean 3, s = sqrt(2.5), standard error sqrt(0.5).
    const [low, high] = meanOf([1, 2, 3, 4, 5]).measure('mean-margin').interval;
    expect(low).toBeCloseTo(3 - 1.959964 * Math.SQRT1_2, 5);
    expect(high).toBeCloseTo(3 + 1.959964 * Math.SQRT1_2, 5);
  });
});

describe('measures', () => {
  it('of shares count an undecided row one half', () => {
    const share = new ShareTally();
    for (const outcome of [ranked(2, 1), ranked(1, 2), ranked(1, 1), ranked(3, 0)]) share.add(outcome);
    expect(share.measure('pair-accuracy')).toMatchObject({ value: 0.625, n: 4, better: 'higher' });
  });

  it('of errors are means', () => {
    const errors = meanOf([0.5, 0, 3]).measure('mean-absolute-error');
    expect(errors).toMatchObject({ n: 3, better: 'lower' });
    expect(errors.value).toBeCloseTo(3.5 / 3, 12);
    expect(meanOf([surprise(0.5), surprise(0.25)]).measure('log-loss').value).toBeCloseTo(1.5 * Math.LN2, 12);
    expect(surprise(0)).toBeLessThan(30);
  });

  it('of parts that are added up are those of all rows', () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.nat(60), (all, cut) => {
        const whole = meanOf(all).measure('mean-margin');
        const parts = meanOf(all.slice(0, cut));
        parts.merge(meanOf(all.slice(cut)));
        const added = parts.measure('mean-margin');
        expect(added.n).toBe(whole.n);
        expect(added.value).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 8);
        expect(added.interval[0]).toBeCloseTo(whole.interval[0], 7);
        expect(added.interval[1]).toBeCloseTo(whole.interval[1], 7);
      }),
    );
  });
});

describe('quadratically weighted kappa', () => {
  it('agrees with a value worked out by hand', () => {
    // Observed disagreement 1 + 4 = 5; expected: labels 0,1,2,2 against predictions 0,2,2,0 over n = 4:
    // predictions 0,0,2,2 x labels 0,1,2,2 -> (0 + 1 + 4 + 4) * 2 + (4 + 1 + 0 + 0) * 2 = 28, / 4 = 7.
    const { value, n } = kappaOf([0, 2, 2, 0], [0, 1, 2, 2], 3);
    expect(value).toBeCloseTo(1 - 5 / 7, 12);
    expect(n).toBe(4);
  });

  it('is 1 for agreement and negative for opposition, inside its interval', () => {
    expect(kappaOf([0, 1, 4], [0, 1, 4], 5)).toMatchObject({ value: 1, interval: [1, 1] });
    const opposed = kappaOf([0, 4, 0, 4], [4, 0, 4, 0], 5);
    expect(opposed.value).toBe(-1);
    const mixed = kappaOf([0, 1, 2, 3, 4, 2, 1], [0, 2, 2, 3, 3, 1, 1], 5);
    expect(mixed.interval[0]).toBeLessThan(mixed.value);
    expect(mixed.interval[1]).toBeGreaterThan(mixed.value);
  });
});
