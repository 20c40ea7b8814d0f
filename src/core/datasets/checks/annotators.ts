/** Where a file keeps the label of every annotator (PandaLM: `annotator1` to `annotator3`): how far they agree. */

import type { Column } from '../dataset.ts';
import { type CheckDeclaration, percent } from './check.ts';
import { RowTally } from './row-set.ts';

const COLUMN = /^(annotator|annotation|rater)[ _-]?\d+$/i;
/** From this share of rows on, the label of a row is a matter of luck. */
const MUCH_DISAGREEMENT = 0.25;

export const annotators: CheckDeclaration = {
  id: 'annotator-agreement',
  title: 'Agreement of the annotators',
  tier: 'structural',
  finds: { 'annotator-agreement': { title: 'Agreement of the annotators', severity: 'warning' } },
  methods: ['pairwise', 'bradley-terry', 'pointwise'],
  columns: annotatorColumns,
  start() {
    const undecided = new RowTally();
    const seen = { judged: 0, unanimous: 0, undecided };
    return {
      seen,
      observe() {},
      observeCells(row, cells) {
        const labels = cells.filter((cell) => cell !== null && cell !== undefined).map(String);
        if (labels.length < 2) return;
        seen.judged++;
        const most = Math.max(...labels.map((label) => labels.filter((other) => other === label).length));
        if (most === labels.length) seen.unanimous++;
        else if (most * 2 <= labels.length) undecided.add(row);
      },
      findings({ columns }) {
        const { judged, unanimous } = seen;
        if (judged === 0) return [];
        const share = undecided.count / judged;
        const much = share > MUCH_DISAGREEMENT;
        return [
          {
            id: 'annotator-agreement',
            severity: much ? 'warning' : 'info',
            count: undecided.count,
            share,
            rows: undecided.rows,
            message: `Of ${judged} rows judged by up to ${annotatorColumns(columns).length} annotators, ${unanimous} (${percent(unanimous / judged)}) have one label from all, and ${undecided.count} (${percent(share)}) have no majority.`,
            ...(much && { hint: 'The labels of these rows are a matter of luck: have them judged again.' }),
          },
        ];
      },
    };
  },
};

/** One alone agrees with nobody. */
function annotatorColumns(columns: readonly Column[]): number[] {
  const found = columns.flatMap(({ name }, index) => (COLUMN.test(name) ? [index] : []));
  return found.length > 1 ? found : [];
}
