/** Pairs whose two responses differ in blanks and letter case only. */

import { completionText } from '../records.ts';
import { type Check, percent, RowTally, responsesOf } from './check.ts';

export function nearIdentical(): Check {
  const tally = new RowTally();
  let compared = 0;
  return {
    observe({ row, record }) {
      if (!record) return;
      const [first, second] = responsesOf(record).map((response) => plain(completionText(response)));
      if (second === undefined) return;
      compared++;
      if (first === second) tally.add(row);
    },
    findings: () =>
      tally.count === 0
        ? []
        : [
            {
              id: 'near-identical-pair',
              severity: 'warning',
              count: tally.count,
              share: tally.count / compared,
              rows: tally.rows,
              message: `In ${tally.count} rows (${percent(tally.count / compared)}) the two responses differ in blanks or letter case only, or not at all.`,
              hint: 'A model learns next to nothing from them: leave them out.',
            },
          ],
  };
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, '');
}
