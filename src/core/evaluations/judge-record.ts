/** Has a grader judge one labelled record, and puts what it said beside the label. */

import type { ComparedResponses, PreferencePair, ScoredResponse } from '../datasets/records.ts';
import { type GradeOptions, gradeRecord, type RecordGrade } from '../graders/grade-record.ts';
import type { Grader } from '../graders/grader.ts';
import { longerIsBetter } from '../methods/baselines.ts';
import { type Judged, SCORES } from '../methods/evaluation-tally.ts';

/** What can be judged: a record with a label. */
export type LabelledRecord = PreferencePair | ScoredResponse | ComparedResponses;

/** What was said of a record. */
export interface Verdict {
  readonly judged: Judged;
  /** Of the responses in the order of the record; null where the grader's score says nothing by itself. */
  readonly scores: readonly (number | null)[];
}

/** @throws StudioError where the grader fails, or says nothing that is a number */
export async function judgeRecord(grader: Grader, record: LabelledRecord, options: GradeOptions): Promise<Verdict> {
  const grade = await gradeRecord(grader, record, options);
  // What is compared is the two together: a judge need not score one by itself.
  return {
    judged: judgedOf(record, grade),
    scores: record.kind === 'compared-responses' ? [null, null] : grade.scores,
  };
}

export function judgedOf(record: LabelledRecord, grade: RecordGrade): Judged {
  switch (record.kind) {
    case 'preference-pair': {
      const { margin, probability } = grade.comparison!;
      return { kind: record.kind, margin, probability, longer: longerIsBetter(record.chosen, record.rejected) };
    }
    case 'compared-responses': {
      const { margin, verdict, probabilities } = grade.comparison!;
      const { preferred } = record;
      return { kind: record.kind, margin, verdict, preferred, probabilities, longer: longerOf(record) };
    }
    case 'scored-response':
      return judgedScore(record, grade);
  }
}

function judgedScore(
  { kind, score: label }: ScoredResponse,
  { scores, label: said, probabilities }: RecordGrade,
): Judged {
  const score = scores[0]!;
  const answer = said !== undefined && SCORES.includes(said) ? said : Math.min(4, Math.max(0, Math.round(score)));
  return { kind, score, answer, label, probabilities: probabilities?.length === SCORES.length ? probabilities : null };
}

function longerOf({ preferred, responseA, responseB }: ComparedResponses): number | null {
  if (preferred === 'tie') return null;
  return preferred === 'A' ? longerIsBetter(responseA, responseB) : longerIsBetter(responseB, responseA);
}
