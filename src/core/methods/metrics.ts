/** What measures are made of. */

import type { Measure } from './evaluation.ts';
import { normalInterval } from './intervals.ts';

/** 1 where `better` is above `worse`, 0 where below, one half where equal. */
export const ranked = (better: number, worse: number): number => (better > worse ? 1 : better === worse ? 0.5 : 0);

/** Least probability counted, so that one certain mistake does not make the log-loss infinite. */
const LEAST_PROBABILITY = 1e-12;

/** -log p, in nats, of the probability given to what happened. */
export const surprise = (probability: number): number => -Math.log(Math.max(LEAST_PROBABILITY, probability));

/**
 * Cohen's kappa with quadratic weights (Cohen 1968): 1 - sum(w * observed) / sum(w * expected), w = (i - j)^2.
 * 1 is full agreement, 0 what the two distributions agree by chance. Where both are one and the same class: 1.
 * The interval is the normal approximation with the jackknife standard error (Efron and Stein 1981). NaN for no rows.
 * @param counts `counts[label][answer]`: how often each was answered to each
 */
export function quadraticWeightedKappa(counts: readonly (readonly number[])[]): Measure {
  const cells = counts.map((row) => [...row]);
  const n = cells.flat().reduce((sum, count) => sum + count, 0);
  const value = kappaOf(cells, n);
  const left: { kappa: number; count: number }[] = [];
  for (const row of cells) {
    row.forEach((count, answer) => {
      if (count === 0 || n < 2) return;
      row[answer] = count - 1;
      left.push({ kappa: kappaOf(cells, n - 1), count });
      row[answer] = count;
    });
  }
  const mean = left.reduce((sum, { kappa, count }) => sum + kappa * count, 0) / n;
  const squares = left.reduce((sum, { kappa, count }) => sum + count * (kappa - mean) ** 2, 0);
  const interval = normalInterval(value, Math.sqrt(((n - 1) / n) * squares), [-1, 1]);
  return { name: 'quadratic-weighted-kappa', value, n, interval, better: 'higher' };
}

function kappaOf(cells: readonly (readonly number[])[], n: number): number {
  if (n === 0) return Number.NaN;
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
