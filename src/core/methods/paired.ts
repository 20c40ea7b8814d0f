/** Two graders on the same records: differences record by record, which say more than two intervals that overlap. */

import { type Interval, normalInterval } from './intervals.ts';

/**
 * The mean of differences of shares, each -1 to 1, with 95 % interval: the adjusted Wald interval for paired shares of Agresti
 * and Min (2005), which adds one half to each cell of the 2x2 table. Ties that count one half enter with their size.
 * NaN for n = 0.
 */
export function pairedShareInterval(differences: readonly number[]): Interval {
  const n = differences.length;
  if (n === 0) return [Number.NaN, Number.NaN];
  const sum = differences.reduce((total, each) => total + each, 0);
  const squares = differences.reduce((total, each) => total + each * each, 0);
  const variance = (squares + 1 - sum ** 2 / (n + 2)) / (n + 2) ** 2;
  return normalInterval(sum / (n + 2), Math.sqrt(Math.max(0, variance)), [-1, 1]);
}

/**
 * Two-sided mid-P value of McNemar's test (McNemar 1947; mid-P as recommended by Fagerland, Lydersen and Laake 2013): how
 * likely counts that differ at least so much are where neither is better. 1 where nothing differs.
 * @param first records on which only the first is right
 * @param second records on which only the second is right
 */
export function mcnemarMidP(first: number, second: number): number {
  const n = first + second;
  if (n === 0) return 1;
  const fewer = Math.min(first, second);
  let log = -n * Math.LN2;
  let upTo = Math.exp(log);
  for (let k = 1; k <= fewer; k++) {
    log += Math.log((n - k + 1) / k);
    upTo += Math.exp(log);
  }
  const exact = Math.min(1, 2 * upTo);
  return Math.min(1, Math.max(0, exact - Math.exp(log)));
}
