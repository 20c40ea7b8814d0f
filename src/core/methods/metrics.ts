/** The measures of an evaluation, each with its n and 95 % interval. All fail to be numbers (NaN) on no rows. */

import type { Measure, MeasureName } from './evaluation.ts';
import { meanInterval, normalInterval, wilsonInterval } from './intervals.ts';

export type ShareName = 'pair-accuracy' | 'exact-accuracy' | 'decided-accuracy';

/** A share from one outcome per row: 1 right, 0 wrong, one half undecided. Wilson interval. */
export function shareMeasure(name: ShareName, outcomes: readonly number[]): Measure {
  const n = outcomes.length;
  const successes = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  return { name, value: successes / n, n, interval: wilsonInterval(successes, n), better: 'higher' };
}

/** A mean over rows. Normal approximation. */
export function meanMeasure(
  name: Exclude<MeasureName, ShareName | 'quadratic-weighted-kappa'>,
  values: readonly number[],
): Measure {
  const n = values.length;
  const value = values.reduce((sum, each) => sum + each, 0) / n;
  return { name, value, n, interval: meanInterval(values), better: name === 'mean-margin' ? 'higher' : 'lower' };
}

/** 1 where `better` is above `worse`, 0 where below, one half where equal. */
export const ranked = (better: number, worse: number): number => (better > worse ? 1 : better === worse ? 0.5 : 0);

/** |prediction - label| per row. */
export const absoluteErrors = (predictions: readonly number[], labels: readonly number[]): number[] =>
  predictions.map((prediction, row) => Math.abs(prediction - labels[row]!));

/** Least probability counted, so that one certain mistake does not make the log-loss infinite. */
const LEAST_PROBABILITY = 1e-12;

/** -log p, in nats, of the probability given to what happened. */
export const surprise = (probability: number): number => -Math.log(Math.max(LEAST_PROBABILITY, probability));

/**
 * Cohen's kappa with quadratic weights (Cohen 1968): 1 - sum(w * observed) / sum(w * expected), w = (i - j)^2.
 * 1 is full agreement, 0 what the two distributions agree by chance. Where both are one and the same class: 1.
 * The interval is the normal approximation with the jackknife standard error (Efron and Stein 1981).
 */
export function quadraticWeightedKappa(
  predictions: readonly number[],
  labels: readonly number[],
  classes: number,
): Measure {
  const n = labels.length;
  const cells = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  predictions.forEach((prediction, row) => {
    cells[prediction]![labels[row]!]!++;
  });
  const value = kappaOf(cells, n);
  const left: { kappa: number; count: number }[] = [];
  for (const row of cells) {
    row.forEach((count, label) => {
      if (count === 0 || n < 2) return;
      row[label] = count - 1;
      left.push({ kappa: kappaOf(cells, n - 1), count });
      row[label] = count;
    });
  }
  const mean = left.reduce((sum, { kappa, count }) => sum + kappa * count, 0) / n;
  const squares = left.reduce((sum, { kappa, count }) => sum + count * (kappa - mean) ** 2, 0);
  const interval = normalInterval(value, Math.sqrt(((n - 1) / n) * squares), [-1, 1]);
  return { name: 'quadratic-weighted-kappa', value, n, interval, better: 'higher' };
}

function kappaOf(cells: readonly (readonly number[])[], n: number): number {
  const rowSums = cells.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columnSums = cells.map((_, column) => cells.reduce((sum, row) => sum + row[column]!, 0));
  let observed = 0;
  let expected = 0;
  cells.forEach((row, i) => {
    row.forEach((count, j) => {
      const weight = (i - j) ** 2;
      observed += weight * count;
      expected += (weight * rowSums[i]! * columnSums[j]!) / n;
    });
  });
  return expected === 0 ? 1 : 1 - observed / expected;
}
