/** Of compared responses: how many ties, and does the position give the answer away? */

import { wilsonInterval } from '../../methods/intervals.ts';
import { type CheckFactory, type Finding, percent } from './check.ts';

const MANY_TIES = 0.5;
const LOW = 0.4;
const HIGH = 0.6;

export const labelBalance: CheckFactory = (method) => {
  if (method !== 'pairwise') return undefined;
  const counts = { A: 0, B: 0, tie: 0 };
  return {
    observe({ record }) {
      if (record?.kind === 'compared-responses') counts[record.preferred]++;
    },
    findings: () => [...tieRate(counts), ...positionBias(counts)],
  };
};

function tieRate({ A, B, tie }: Record<'A' | 'B' | 'tie', number>): Finding[] {
  const n = A + B + tie;
  if (n === 0) return [];
  const share = tie / n;
  const many = share > MANY_TIES;
  return [
    {
      id: 'tie-rate',
      severity: many ? 'warning' : 'info',
      count: tie,
      share,
      rows: [],
      message: `${tie} of ${n} rows (${percent(share)}) are ties.`,
      ...(many && {
        hint: 'Most rows say nothing about which response is better: expect a model that often answers tie.',
      }),
    },
  ];
}

function positionBias({ A, B }: Record<'A' | 'B', number>): Finding[] {
  const n = A + B;
  if (n === 0) return [];
  const share = A / n;
  const [low, high] = wilsonInterval(A, n);
  const biased = low > HIGH || high < LOW;
  return [
    {
      id: 'position-bias',
      severity: biased ? 'warning' : 'info',
      count: A,
      share,
      rows: [],
      message: `A is the better response with a share of ${share.toFixed(3)} (n = ${n}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}).`,
      ...(biased && {
        hint: 'Swap the two responses in a random half of the rows, so that the position says nothing.',
      }),
    },
  ];
}
