/** Rows that give no record, by reason. They are left out of training and conversion. */

import type { RowProblem, RowProblemCode } from '../read-records.ts';
import { type CheckDeclaration, counted, type FoundRows, percent, type Severity } from './check.ts';
import { dropRows, type Fix } from './fix.ts';
import { RowTally } from './row-set.ts';
import { Counts, type Mergeable } from './seen.ts';

const REASONS: Readonly<Record<RowProblemCode, { title: string; text: string; hint: string }>> = {
  'missing-value': {
    title: 'Missing values',
    text: 'a value is missing',
    hint: 'Fill the value in, or leave these rows out as now.',
  },
  'empty-value': {
    title: 'Empty texts',
    text: 'a text is empty',
    hint: 'Fill the text in, or leave these rows out as now.',
  },
  'wrong-type': {
    title: 'Values of another type',
    text: 'a value is something else than the shape says',
    hint: 'Look at the first of these rows.',
  },
  'label-out-of-range': {
    title: 'Labels out of range',
    text: 'a label is out of range',
    hint: 'Map the labels to the scale of the method.',
  },
  'identical-pair': {
    title: 'Identical pairs',
    text: 'chosen and rejected are the same text',
    hint: 'Such a pair teaches nothing.',
  },
  'no-shared-prompt': {
    title: 'Pairs without a shared prompt',
    text: 'the conversations share no prompt',
    hint: 'A pair compares answers to one prompt.',
  },
  'roles-out-of-order': {
    title: 'Roles that cannot be used',
    text: 'the roles are in an order that cannot be used',
    hint: 'A response is an assistant message.',
  },
};

const CODES = Object.keys(REASONS) as RowProblemCode[];
const idOf = (code: RowProblemCode) => (code === 'roles-out-of-order' ? 'unusable-roles' : code);

/** From this share of rows on, the file as a whole is wrong rather than a few of its rows. */
const ERROR_SHARE = 0.5;

/** The rows left out for one reason, and what the first of them was. */
interface Reason {
  readonly tally: RowTally;
  readonly first: { readonly row: number; readonly problem: RowProblem };
  /** The labels that were found out of range, as they are written: two are enough to know that they differ. */
  readonly labels: Set<string>;
}

const LABELS_KEPT = 2;

type PackedReasons = ReadonlyMap<
  RowProblemCode,
  {
    readonly tally: ReturnType<RowTally['pack']>;
    readonly first: Reason['first'];
    readonly labels: ReadonlySet<string>;
  }
>;

class Reasons implements Mergeable<PackedReasons> {
  readonly #reasons = new Map<RowProblemCode, Reason>();

  add(row: number, problem: RowProblem): void {
    const reason = this.#of({ row, problem });
    reason.tally.add(row);
    if (problem.code === 'label-out-of-range') keepLabel(reason, labelIn(problem.message));
  }

  all(): [RowProblemCode, Reason][] {
    return [...this.#reasons];
  }

  pack(): PackedReasons {
    return new Map(
      [...this.#reasons].map(([code, { tally, first, labels }]) => [code, { tally: tally.pack(), first, labels }]),
    );
  }

  merge(packed: PackedReasons, firstRow: number): void {
    for (const { tally, first, labels } of packed.values()) {
      const reason = this.#of({ row: firstRow + first.row, problem: first.problem });
      reason.tally.merge(tally, firstRow);
      for (const label of labels) keepLabel(reason, label);
    }
  }

  #of(first: Reason['first']): Reason {
    let reason = this.#reasons.get(first.problem.code);
    if (!reason) {
      reason = { tally: new RowTally(), first, labels: new Set() };
      this.#reasons.set(first.problem.code, reason);
    }
    return reason;
  }
}

function keepLabel({ labels }: Reason, label: string): void {
  if (labels.size < LABELS_KEPT) labels.add(label);
}

export const unusableRows: CheckDeclaration = {
  id: 'unusable-rows',
  title: 'Rows that cannot be used',
  tier: 'structural',
  finds: Object.fromEntries(
    CODES.map((code): [string, { title: string; severity: Severity }] => [
      idOf(code),
      { title: REASONS[code].title, severity: 'error' },
    ]),
  ),
  start() {
    const reasons = new Reasons();
    const scores = new Counts();
    const seen = { reasons, scores, total: 0 };
    return {
      seen,
      observe({ row, observed, problem }) {
        seen.total++;
        const record = observed?.kind === 'scored-response' ? observed.record : undefined;
        if (record?.kind === 'scored-response') scores.add(String(record.score));
        if (problem) reasons.add(row, problem);
      },
      findings: () =>
        reasons.all().map(([code, reason]) => finding(code, reason, reason.tally.count / seen.total, scores)),
    };
  },
};

function finding(code: RowProblemCode, reason: Reason, share: number, scores: Counts): FoundRows {
  const { text, hint } = REASONS[code];
  const { count, rows } = reason.tally;
  const { row, problem } = reason.first;
  return {
    id: idOf(code),
    severity: share >= ERROR_SHARE ? 'error' : 'warning',
    count,
    share,
    rows,
    message: `Left out: ${counted(count, 'row')} (${percent(share)}), as ${text}; first row ${row}, "${problem.field}": ${problem.message}.`,
    hint,
    fix: mapLabels(code, reason, scores) ?? dropRows(rows.size, 'Leave these rows out of the new file.'),
  };
}

/** The number that the message of a label out of range begins with. */
function labelIn(message: string): string {
  return /^-?\d+(\.\d+)?/.exec(message)?.[0] ?? message;
}

/** Scores of 1 to 5 read as 0 to 4: nothing is 0, and nothing but 5 is out of range. */
function mapLabels(code: RowProblemCode, reason: Reason, scores: Counts): Fix | undefined {
  const [only, ...others] = reason.labels;
  const oneToFive =
    only !== undefined && Number(only) === 5 && others.length === 0 && !scores.has('0') && scores.size > 0;
  if (code !== 'label-out-of-range' || !oneToFive) return undefined;
  return {
    kind: 'map-labels',
    count: reason.tally.rows.size,
    description: 'Read the scores as 1 to 5 and write them as 0 to 4.',
    map: { score_1_to_5: reason.first.problem.field },
  };
}
