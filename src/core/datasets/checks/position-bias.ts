/** Of compared responses that are decided: does the position give the answer away? */

import { wilsonInterval } from '../../methods/intervals.ts';
import type { CheckDeclaration } from './check.ts';

const LOW = 0.4;
const HIGH = 0.6;

export const positionBias: CheckDeclaration = {
  id: 'position-bias',
  title: 'Position bias of A and B',
  tier: 'structural',
  finds: { 'position-bias': { title: 'How often A is the better one', severity: 'warning' } },
  methods: ['pairwise'],
  start() {
    const seen = { first: 0, n: 0 };
    return {
      seen,
      observe({ observed }) {
        if (observed?.record.kind !== 'compared-responses' || observed.record.preferred === 'tie') return;
        seen.n++;
        if (observed.record.preferred === 'A') seen.first++;
      },
      findings() {
        const { first, n } = seen;
        if (n === 0) return [];
        const share = first / n;
        const [low, high] = wilsonInterval(first, n);
        const biased = low > HIGH || high < LOW;
        const chance = fairCoinChance(first, n);
        const text = chance < 0.001 ? 'below 0.001' : chance.toFixed(3);
        return [
          {
            id: 'position-bias',
            severity: biased ? 'warning' : 'info',
            count: first,
            share,
            message: `A is the better response with a share of ${share.toFixed(3)} of the decided rows (n = ${n}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}; by chance alone as far from one half with a probability of ${text}).`,
            ...(biased && {
              hint: 'Swap the two responses in a random half of the rows, so that the position says nothing.',
              fix: {
                kind: 'balance-positions' as const,
                count: Math.round(n / 2),
                description: 'Swap A and B, with the label, in about half of the rows, chosen by a hash of the row.',
              },
            }),
          },
        ];
      },
    };
  },
};

/**
 * Two-sided binomial test against one half: the probability that a fair coin is at least as far from `n / 2` as
 * `successes`, summed exactly (in logarithms, so that it works for any n).
 */
export function fairCoinChance(successes: number, n: number): number {
  const extreme = Math.max(successes, n - successes);
  if (extreme * 2 === n) return 1;
  // log of C(n, k) / 2^n for k = n, then downwards: C(n, k - 1) = C(n, k) * k / (n - k + 1).
  let log = -n * Math.LN2;
  let sum = Math.exp(log);
  for (let k = n; k > extreme; k--) {
    log += Math.log(k / (n - k + 1));
    sum += Math.exp(log);
  }
  return Math.min(1, 2 * sum);
}
