/** Of compared responses: how many are ties. */

import { type CheckDeclaration, percent } from './check.ts';
import { RowTally } from './row-set.ts';

const MANY_TIES = 0.5;

export const tieRate: CheckDeclaration = {
  id: 'tie-rate',
  title: 'Share of ties',
  tier: 'structural',
  finds: { 'tie-rate': { title: 'Share of ties', severity: 'warning' } },
  methods: ['pairwise'],
  start() {
    const ties = new RowTally();
    const seen = { ties, n: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (observed?.record.kind !== 'compared-responses') return;
        seen.n++;
        if (observed.record.preferred === 'tie') ties.add(row);
      },
      findings() {
        const { n } = seen;
        if (n === 0) return [];
        const share = ties.count / n;
        const many = share > MANY_TIES;
        return [
          {
            id: 'tie-rate',
            severity: many ? 'warning' : 'info',
            count: ties.count,
            share,
            rows: ties.rows,
            message: `${ties.count} of ${n} rows (${percent(share)}) are ties.`,
            ...(many && {
              hint: 'Most rows say nothing about which response is better: expect a model that often answers tie.',
            }),
          },
        ];
      },
    };
  },
};
