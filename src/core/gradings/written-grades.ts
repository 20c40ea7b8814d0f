/** Reads the grades back that a grading has written into the rows of its file. */

import { type GradeMeasure, type MeasuredGrade, type MeasureId, measuresOfScale } from '../graders/low-grade.ts';
import { RESPONSE_NAMES } from './grading-columns.ts';
import type { GradingSpec } from './grading-store.ts';

export interface WrittenGrade {
  /** `response`; `chosen`, `rejected`; `a`, `b`. */
  readonly response: string;
  /** Whether the row holds several items, whose responses have one name. */
  readonly isOneOfSeveral: boolean;
  /** Undefined where the row has an error in place of a grade. */
  readonly grade: MeasuredGrade | undefined;
}

/** What a grading was of, as its folder keeps it. */
type Graded = Pick<GradingSpec, 'kind'>;

/** The measures of the scale that have a column. */
export function measuresOfGrading(
  { kind, grader }: Graded & Pick<GradingSpec, 'grader'>,
  columns: readonly string[],
): readonly GradeMeasure[] {
  const prefix = prefixOf(columns);
  const written: Readonly<Record<MeasureId, string>> =
    kind === 'response'
      ? { score: 'score', percentile: 'percentile', margin: '', probability: '' }
      : { score: `score_${RESPONSE_NAMES[kind][0]}`, percentile: '', margin: 'margin', probability: 'probability_' };
  return measuresOfScale(grader.scale).filter(
    ({ id }) => written[id] !== '' && columns.some((column) => column.startsWith(`${prefix}${written[id]}`)),
  );
}

/** @param columns those that the grading has added */
export function gradesInRow(
  row: Readonly<Record<string, unknown>>,
  { kind }: Graded,
  columns: readonly string[],
): WrittenGrade[] {
  const prefix = prefixOf(columns);
  const error = row[`${prefix}error`];
  const isOneOfSeveral = Array.isArray(error);
  return (isOneOfSeveral ? error : [error]).flatMap((problem, index) => {
    const number = (name: string): number | undefined => {
      const cell = row[`${prefix}${name}`];
      const value: unknown = isOneOfSeveral && Array.isArray(cell) ? cell[index] : cell;
      return typeof value === 'number' ? value : undefined;
    };
    const grades = kind === 'response' ? [ofResponse(number)] : ofPair(number, RESPONSE_NAMES[kind]);
    return grades.map((grade, at) => ({
      response: RESPONSE_NAMES[kind][at]!,
      isOneOfSeveral,
      grade: typeof problem === 'string' ? undefined : grade,
    }));
  });
}

type NumberOf = (name: string) => number | undefined;

const ofResponse = (number: NumberOf): MeasuredGrade => ({ score: number('score'), percentile: number('percentile') });

function ofPair(number: NumberOf, names: readonly string[]): MeasuredGrade[] {
  const margin = number('margin');
  const grades = names.map((name, at) => ({
    score: number(`score_${name}`),
    comparison: {
      margin: margin === undefined || at === 0 ? margin : -margin,
      probability: number(`probability_${name}`),
    },
  }));
  // A verdict is of both; where the second has no number of its own, it is said once.
  return grades.filter(({ score }, at) => at === 0 || score !== undefined);
}

/** `grade_` or `grade2_`: the last column is that of errors. */
const prefixOf = (columns: readonly string[]): string => columns.at(-1)?.replace(/error$/, '') ?? '';
