/** The grades of one row, in the form in which they are kept while a file is being graded. */

import { reportError } from '../errors.ts';
import { judgedOf } from '../evaluations/judge-record.ts';
import { gradeRecord, type RecordGrade } from '../graders/grade-record.ts';
import type { Grader } from '../graders/grader.ts';
import type { Judged } from '../methods/evaluation-tally.ts';
import type { RowItem } from './graded-rows.ts';

/** Longest reason that is kept, in characters. */
const LONGEST_REASON = 8_000;

export interface GradedItem extends RecordGrade {
  /** Beside the label, where the row has one. */
  readonly judged?: Judged;
}

/** `unusable`: the row holds nothing that can be graded; `failed`: the grader gave no grade, and may give one later. */
export interface UngradedItem {
  readonly problem: 'unusable' | 'failed';
  readonly code: string;
  readonly message: string;
}

export interface RowGrades {
  /** Zero-based. */
  readonly row: number;
  /** In the order of the row: one of most shapes. */
  readonly items: readonly (GradedItem | UngradedItem)[];
}

export const isGraded = (item: GradedItem | UngradedItem): item is GradedItem => !('problem' in item);

/** How many responses were graded. */
export const responsesIn = (items: readonly (GradedItem | UngradedItem)[]): number =>
  items.reduce((sum, item) => sum + (isGraded(item) ? item.scores.length : 0), 0);

/** Fails only where it is cancelled: what a grader cannot grade is said in its place. */
export async function gradeRow(
  grader: Grader,
  row: number,
  items: readonly RowItem[],
  options: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<RowGrades> {
  const graded: (GradedItem | UngradedItem)[] = [];
  for (const item of items) graded.push(await gradeItem(grader, item, options));
  return { row, items: graded };
}

async function gradeItem(
  grader: Grader,
  item: RowItem,
  options: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<GradedItem | UngradedItem> {
  if ('problem' in item) return { problem: 'unusable', code: item.problem.code, message: item.problem.message };
  const { record } = item;
  try {
    const { reason, ...grade } = await gradeRecord(grader, record, options);
    return {
      ...grade,
      ...(reason === undefined ? {} : { reason: reason.slice(0, LONGEST_REASON) }),
      ...(record.kind === 'response' ? {} : { judged: judgedOf(record, grade) }),
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message } = reportError(error);
    return { problem: 'failed', code, message };
  }
}
