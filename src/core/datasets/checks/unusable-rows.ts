/** Rows that give no record, by reason. They are left out of training and conversion. */

import type { RowProblem, RowProblemCode } from '../read-records.ts';
import { type CheckDeclaration, counted, type FoundRows, percent, type Severity } from './check.ts';
import { dropRows, type Fix } from './fix.ts';
import { RowTally } from './row-set.ts';

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

class Reason extends RowTally {
  readonly first: string;
  readonly field: string;
  /** The labels that were found out of range, as they are written. */
  readonly labels = new Set<string>();

  constructor(row: number, { field, message }: RowProblem) {
    super();
    this.field = field;
    this.first = `row ${row}, "${field}": ${message}`;
  }
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
    const reasons = new Map<RowProblemCode, Reason>();
    const scores = new Set<number>();
    let total = 0;
    return {
      observe({ row, observed, problem }) {
        total++;
        if (observed?.record.kind === 'scored-response') scores.add(observed.record.score);
        if (!problem) return;
        let reason = reasons.get(problem.code);
        if (!reason) {
          reason = new Reason(row, problem);
          reasons.set(problem.code, reason);
        }
        reason.add(row);
        if (problem.code === 'label-out-of-range' && reason.labels.size < 2)
          reason.labels.add(labelIn(problem.message));
      },
      findings: () => [...reasons].map(([code, reason]) => finding(code, reason, reason.count / total, scores)),
    };
  },
};

function finding(code: RowProblemCode, reason: Reason, share: number, scores: ReadonlySet<number>): FoundRows {
  const { text, hint } = REASONS[code];
  return {
    id: idOf(code),
    severity: share >= ERROR_SHARE ? 'error' : 'warning',
    count: reason.count,
    share,
    rows: reason.rows,
    message: `Left out: ${counted(reason.count, 'row')} (${percent(share)}), as ${text}; first ${reason.first}.`,
    hint,
    fix: mapLabels(code, reason, scores) ?? dropRows(reason.rows.size, 'Leave these rows out of the new file.'),
  };
}

/** The number that the message of a label out of range begins with. */
function labelIn(message: string): string {
  return /^-?\d+(\.\d+)?/.exec(message)?.[0] ?? message;
}

/** Scores of 1 to 5 read as 0 to 4: nothing is 0, and nothing but 5 is out of range. */
function mapLabels(code: RowProblemCode, reason: Reason, scores: ReadonlySet<number>): Fix | undefined {
  const [only, ...others] = reason.labels;
  const oneToFive =
    only !== undefined && Number(only) === 5 && others.length === 0 && !scores.has(0) && scores.size > 0;
  if (code !== 'label-out-of-range' || !oneToFive) return undefined;
  return {
    kind: 'map-labels',
    count: reason.rows.size,
    description: 'Read the scores as 1 to 5 and write them as 0 to 4.',
    map: { score_1_to_5: reason.field },
  };
}
