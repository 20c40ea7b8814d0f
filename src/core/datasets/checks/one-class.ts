/** Labels that are all the same. */

import type { CheckFactory } from './check.ts';

export const oneClass: CheckFactory = (method) => {
  if (method !== 'pointwise' && method !== 'pairwise') return undefined;
  const counts = new Map<string, number>();
  return {
    observe({ record }) {
      if (record?.kind === 'scored-response') count(counts, String(record.score));
      if (record?.kind === 'compared-responses') count(counts, record.preferred);
    },
    findings() {
      const [only] = counts;
      if (!only || counts.size > 1) return [];
      return [
        {
          id: 'one-class',
          severity: 'error',
          count: only[1],
          share: 1,
          rows: [],
          message: `All ${only[1]} rows have the label ${only[0]}: there is nothing to tell apart.`,
          hint: 'Add rows with other labels.',
        },
      ];
    },
  };
};

function count(counts: Map<string, number>, label: string): void {
  counts.set(label, (counts.get(label) ?? 0) + 1);
}
