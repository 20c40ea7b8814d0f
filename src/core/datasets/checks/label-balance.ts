/** Labels that are all the same, or nearly so. */

import type { CheckDeclaration } from './check.ts';
import { percent } from './check.ts';
import { RowTallies } from './row-set.ts';

/** From this share of one label on, a model that always gives it looks good. */
const ONE_SIDED_SHARE = 0.95;

export const labelBalance: CheckDeclaration = {
  id: 'label-balance',
  title: 'Labels of one kind',
  tier: 'structural',
  finds: {
    'one-class': { title: 'Only one label', severity: 'error' },
    'one-sided-labels': { title: 'One-sided labels', severity: 'warning' },
  },
  methods: ['pointwise', 'pairwise'],
  start() {
    const labels = new RowTallies();
    const seen = { labels, total: 0 };
    return {
      seen,
      observe({ row, observed }) {
        const record = observed?.record;
        if (record?.kind !== 'scored-response' && record?.kind !== 'compared-responses') return;
        seen.total++;
        labels.add(record.kind === 'scored-response' ? String(record.score) : record.preferred, row);
      },
      findings() {
        const { total } = seen;
        const [commonest] = labels.descending();
        if (!commonest) return [];
        const [label, { count }] = commonest;
        const share = count / total;
        if (labels.size === 1) {
          return [
            {
              id: 'one-class',
              severity: 'error',
              count,
              share,
              message: `All ${count} rows have the label ${label}: there is nothing to tell apart.`,
              hint: 'Add rows with other labels.',
            },
          ];
        }
        if (share < ONE_SIDED_SHARE) return [];
        return [
          {
            id: 'one-sided-labels',
            severity: 'warning',
            count,
            share,
            message: `${count} of ${total} rows (${percent(share)}) have the label ${label}.`,
            hint: 'A model that always says this is right as often: add rows with other labels.',
          },
        ];
      },
    };
  },
};
