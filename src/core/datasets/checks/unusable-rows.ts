/** Rows that give no record, by reason. They are left out of training and conversion. */

import type { RowProblemCode } from '../read-records.ts';
import { type Check, type Finding, percent, RowTally } from './check.ts';

const WORDS: Readonly<Record<RowProblemCode, { text: string; hint: string }>> = {
  'missing-value': { text: 'lack a value', hint: 'Fill the value in, or leave these rows out as now.' },
  'empty-value': { text: 'have an empty text', hint: 'Fill the text in, or leave these rows out as now.' },
  'wrong-type': { text: 'hold something else than the shape says', hint: 'Look at the first of these rows.' },
  'label-out-of-range': { text: 'have a label out of range', hint: 'Map the labels to the scale of the method.' },
  'identical-pair': { text: 'have the same text as chosen and rejected', hint: 'Such a pair teaches nothing.' },
  'no-shared-prompt': {
    text: 'have conversations that do not share a prompt',
    hint: 'A pair compares answers to one prompt.',
  },
  'roles-out-of-order': {
    text: 'have roles in an order that cannot be used',
    hint: 'A response is an assistant message.',
  },
};

/** From this share of rows on, the file as a whole is wrong rather than a few of its rows. */
const ERROR_SHARE = 0.5;

export function unusableRows(): Check {
  const tallies = new Map<RowProblemCode, RowTally & { first?: string }>();
  let total = 0;
  return {
    observe({ row, problem }) {
      total++;
      if (!problem) return;
      let tally = tallies.get(problem.code);
      if (!tally) {
        tally = Object.assign(new RowTally(), { first: `row ${row}, "${problem.field}": ${problem.message}` });
        tallies.set(problem.code, tally);
      }
      tally.add(row);
    },
    findings: () =>
      [...tallies].map(([code, tally]): Finding => {
        const share = tally.count / total;
        const { text, hint } = WORDS[code];
        return {
          id: code,
          severity: share >= ERROR_SHARE ? 'error' : 'warning',
          count: tally.count,
          share,
          rows: tally.rows,
          message: `${tally.count} rows (${percent(share)}) ${text} and are left out: first ${tally.first}.`,
          hint,
        };
      }),
  };
}
