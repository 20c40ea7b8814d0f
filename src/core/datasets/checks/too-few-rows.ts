/** Fewer rows than anything can be learned and measured from. */

import type { Check } from './check.ts';

export const LEAST_ROWS = 20;

export function tooFewRows(): Check {
  let usable = 0;
  return {
    observe({ record }) {
      if (record) usable++;
    },
    findings: () =>
      usable >= LEAST_ROWS
        ? []
        : [
            {
              id: 'too-few-rows',
              severity: 'error',
              count: usable,
              share: 1,
              rows: [],
              message: `Only ${usable} rows can be used; at least ${LEAST_ROWS} are needed.`,
              hint: 'Add rows, or mend those that are left out.',
            },
          ],
  };
}
