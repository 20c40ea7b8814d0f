/** The columns that a grading adds to the rows of a file, and their cells. */

import type { OutputCell, OutputColumn, OutputType } from '../datasets/writers/columns.ts';
import type { Scale } from '../methods/method.ts';
import { type GradedItem, isGraded, type RowGrades, type UngradedItem } from './grade-row.ts';
import type { GradedKind } from './graded-rows.ts';

/** The responses of an item, in its order, as columns and summaries name them. */
export const RESPONSE_NAMES: Readonly<Record<GradedKind, readonly string[]>> = {
  response: ['response'],
  'preference-pair': ['chosen', 'rejected'],
  'compared-responses': ['a', 'b'],
};

export interface ColumnFacts {
  readonly kind: GradedKind;
  readonly scale: Scale;
  /** Whether any row holds several items: then every cell is a list. */
  readonly several: boolean;
  /** Whether any grade has a reason, a percentile, a probability. */
  readonly reasons: boolean;
  readonly percentiles: boolean;
  readonly probabilities: boolean;
}

interface GradeColumn {
  readonly name: string;
  readonly type: OutputType;
  readonly cell: (item: GradedItem) => OutputCell;
}

export interface GradeColumns {
  readonly columns: readonly OutputColumn[];
  /** In the order of the columns. Of a row without grades all are null. */
  readonly cells: (row: RowGrades | undefined) => readonly OutputCell[];
}

/** @param taken the columns that the rows have: none of them is written over */
export function gradeColumns(facts: ColumnFacts, taken: readonly string[]): GradeColumns {
  const prefix = freePrefix(taken);
  const graded = itemColumns(facts);
  const { several } = facts;
  const wrapped = (type: OutputType): OutputType => (several ? { list: type } : type);
  const cellsOf = (
    items: readonly (GradedItem | UngradedItem)[],
    cell: (item: GradedItem | UngradedItem) => OutputCell,
  ) => (several ? items.map(cell) : items[0] === undefined ? null : cell(items[0]));
  return {
    columns: [
      ...graded.map(({ name, type }) => ({ name: `${prefix}${name}`, type: wrapped(type) })),
      { name: `${prefix}error`, type: wrapped('string') },
    ],
    cells: (row) => [
      ...graded.map(({ cell }) => (row ? cellsOf(row.items, (item) => (isGraded(item) ? cell(item) : null)) : null)),
      row ? cellsOf(row.items, errorOf) : null,
    ],
  };
}

function itemColumns({ kind, scale, reasons, percentiles, probabilities }: ColumnFacts): GradeColumn[] {
  const column = (name: string, type: OutputType, cell: GradeColumn['cell']): GradeColumn => ({ name, type, cell });
  const reason = reasons ? [column('reason', 'string', ({ reason: text }) => text ?? null)] : [];
  const scores = RESPONSE_NAMES[kind];
  if (kind === 'response') {
    return [
      column('score', 'double', (item) => item.scores[0] ?? null),
      ...(scale === 'score-0-4' ? [column('label', 'int', ({ label }) => label ?? null)] : []),
      ...(percentiles ? [column('percentile', 'double', ({ percentile }) => percentile ?? null)] : []),
      ...reason,
    ];
  }
  const verdicts = { A: scores[0]!, B: scores[1]!, tie: 'tie' };
  const named = kind === 'compared-responses' ? { A: 'A', B: 'B', tie: 'tie' } : verdicts;
  return [
    ...(scale === 'preference-a-b-tie'
      ? []
      : scores.map((name, at) => column(`score_${name}`, 'double', (item) => item.scores[at] ?? null))),
    column('margin', 'double', ({ comparison }) => comparison?.margin ?? null),
    column('verdict', 'string', ({ comparison }) => (comparison ? named[comparison.verdict] : null)),
    ...(probabilities
      ? [column(`probability_${scores[0]}`, 'double', (item) => item.comparison?.probability ?? null)]
      : []),
    ...(percentiles ? [column('margin_percentile', 'double', (item) => item.comparison?.percentile ?? null)] : []),
    ...reason,
  ];
}

const errorOf = (item: GradedItem | UngradedItem): string | null =>
  isGraded(item) ? null : `${item.problem}: ${item.message}`;

/** `grade_`, or `grade2_` where the rows have grades of an earlier grading. */
function freePrefix(taken: readonly string[]): string {
  for (let count = 1; ; count++) {
    const prefix = count === 1 ? 'grade_' : `grade${count}_`;
    if (!taken.some((name) => name.toLowerCase().startsWith(prefix))) return prefix;
  }
}
