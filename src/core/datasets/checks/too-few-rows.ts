/** Fewer rows than anything can be learned and measured from. */

import type { CheckDeclaration } from './check.ts';

export const LEAST_ROWS = 20;

export const tooFewRows: CheckDeclaration = {
  id: 'too-few-rows',
  title: 'Enough rows',
  tier: 'structural',
  finds: { 'too-few-rows': { title: 'Too few rows', severity: 'error' } },
  start() {
    const seen = { usable: 0 };
    return {
      seen,
      observe({ observed }) {
        if (observed) seen.usable++;
      },
      findings: () =>
        seen.usable >= LEAST_ROWS
          ? []
          : [
              {
                id: 'too-few-rows',
                severity: 'error',
                count: seen.usable,
                share: 1,
                message: `Only ${seen.usable} rows can be used; at least ${LEAST_ROWS} are needed.`,
                hint: 'Add rows, or mend those that are left out.',
              },
            ],
    };
  },
};
