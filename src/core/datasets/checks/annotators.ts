/** Where a file keeps the label of every annotator (PandaLM: `annotator1` to `annotator3`): how far they agree. */

import { type Check, type CheckContext, type CheckDeclaration, percent } from './check.ts';
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
  async start({ dataset, signal }): Promise<Check> {
    const columns = dataset.columns.flatMap(({ name }, index) => (COLUMN.test(name) ? [index] : []));
    const counts = { judged: 0, unanimous: 0, undecided: new RowTally() };
    if (columns.length > 1) await readLabels(dataset, columns, counts, signal);
    return {
      observe() {},
      findings() {
        const { judged, unanimous, undecided } = counts;
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
            message: `Of ${judged} rows judged by up to ${columns.length} annotators, ${unanimous} (${percent(unanimous / judged)}) have one label from all, and ${undecided.count} (${percent(share)}) have no majority.`,
            ...(much && { hint: 'The labels of these rows are a matter of luck: have them judged again.' }),
          },
        ];
      },
    };
  },
};

interface Agreement {
  judged: number;
  unanimous: number;
  readonly undecided: RowTally;
}

async function readLabels(
  dataset: CheckContext['dataset'],
  columns: readonly number[],
  agreement: Agreement,
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const { start, rows } of dataset.read({ start: 0, end: dataset.rowCount, columns }, signal)) {
    for (const [offset, cells] of rows.entries()) {
      const labels = cells.filter((cell) => cell !== null && cell !== undefined).map(String);
      if (labels.length < 2) continue;
      agreement.judged++;
      const most = Math.max(...labels.map((label) => labels.filter((other) => other === label).length));
      if (most === labels.length) agreement.unanimous++;
      else if (most * 2 <= labels.length) agreement.undecided.add(start + offset);
    }
  }
}
