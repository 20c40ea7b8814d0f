/** Has a grader grade what a row holds: one response, or two of one prompt. */

import { coin } from '../datasets/derive.ts';
import {
  type ComparedResponses,
  completionText,
  type Message,
  type Preference,
  type PreferencePair,
  promptKey,
  responsesOf,
  type ScoredResponse,
} from '../datasets/records.ts';
import { StudioError } from '../errors.ts';
import type { Comparison, Grade, Grader } from './grader.ts';

/** A response without a label. */
export interface PlainResponse {
  readonly kind: 'response';
  readonly prompt: readonly Message[];
  readonly response: readonly Message[];
}

export type GradableRecord = PreferencePair | ScoredResponse | ComparedResponses | PlainResponse;

/** The second response against the first, in the order of the record: A is the first. */
export interface RecordComparison {
  /** Score of A minus score of B, on the grader's scale. */
  readonly margin: number;
  readonly verdict: Preference;
  /** Of A being the better one, 0 to 1; null where the grader gives verdicts alone. */
  readonly probability: number | null;
  readonly probabilities: Readonly<Record<Preference, number>> | null;
  /** Percentile (0-100) of |margin| among the margins of the training pairs, where the model knows them. */
  readonly percentile?: number | undefined;
}

export interface RecordGrade {
  /** Of the responses in the order of the record; null where a verdict is all that the grader says. */
  readonly scores: readonly (number | null)[];
  /** Of one response: the whole score 0 to 4. */
  readonly label?: number | undefined;
  /** Of one response: probabilities of the scores 0 to 4. */
  readonly probabilities?: readonly number[] | undefined;
  /** Of one response: percentile (0-100) of its score among the responses of the training data. */
  readonly percentile?: number | undefined;
  readonly comparison?: RecordComparison;
  readonly reason?: string | undefined;
  readonly notes?: readonly string[] | undefined;
}

export interface GradeOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws StudioError where the grader fails, or says nothing that is a number */
export async function gradeRecord(grader: Grader, record: GradableRecord, options: GradeOptions): Promise<RecordGrade> {
  if (record.kind === 'scored-response' || record.kind === 'response') return gradeOne(grader, record, options.signal);
  const [a, b] = responsesOf(record) as [readonly Message[], readonly Message[]];
  if (grader.scale === 'score-0-4') return gradeBoth(grader, record.prompt, [a, b], options.signal);
  // The chosen response is shown first for about half of the pairs, so that a grader's liking for a place gains nothing.
  const straight =
    record.kind === 'compared-responses' ||
    coin([promptKey(record.prompt), completionText(a), completionText(b)], options.seed);
  const [response, sibling] = straight ? [a, b] : [b, a];
  return compared(await grader.grade({ prompt: record.prompt, response, sibling }, options.signal), straight);
}

async function gradeOne(
  grader: Grader,
  { prompt, response }: ScoredResponse | PlainResponse,
  signal: AbortSignal | undefined,
): Promise<RecordGrade> {
  const grade = await grader.grade({ prompt, response }, signal);
  const { label, probabilities, percentile, reason, notes } = grade;
  return {
    scores: [scoreOf(grade)],
    label: typeof label === 'number' ? label : undefined,
    probabilities,
    percentile,
    reason,
    notes,
  };
}

/** Scores stand by themselves: each response is graded alone, and the higher score is the verdict. */
async function gradeBoth(
  grader: Grader,
  prompt: readonly Message[],
  responses: readonly [readonly Message[], readonly Message[]],
  signal: AbortSignal | undefined,
): Promise<RecordGrade> {
  const grades = await Promise.all(responses.map((response) => grader.grade({ prompt, response }, signal)));
  const [a, b] = grades.map(scoreOf) as [number, number];
  const reasons = grades.flatMap(({ reason }, index) => (reason ? [`${'AB'[index]}: ${reason}`] : []));
  const notes = grades.flatMap((grade) => grade.notes ?? []);
  return {
    scores: [a, b],
    comparison: { margin: a - b, verdict: a > b ? 'A' : a < b ? 'B' : 'tie', probability: null, probabilities: null },
    reason: reasons.length === 0 ? undefined : reasons.join('\n\n'),
    notes: notes.length === 0 ? undefined : notes,
  };
}

function compared(grade: Grade, straight: boolean): RecordGrade {
  const { comparison, reason, notes } = grade;
  const score = scoreOf(grade);
  if (!comparison || !Number.isFinite(comparison.margin)) throw noNumber();
  const { margin, verdict, probability, probabilities: all, percentile } = comparison;
  const scores = grade.scale === 'preference-a-b-tie' ? [null, null] : [score, score - margin];
  const ofA = straight
    ? (all?.better ?? probability)
    : (all?.worse ?? (probability === undefined ? undefined : 1 - probability));
  const [better, worse] = all ? (straight ? [all.better, all.worse] : [all.worse, all.better]) : [];
  return {
    scores: straight ? scores : scores.reverse(),
    comparison: {
      margin: straight ? margin : -margin,
      verdict: (straight ? VERDICTS : SWAPPED)[verdict],
      probability: ofA !== undefined && Number.isFinite(ofA) ? ofA : null,
      probabilities: better === undefined || worse === undefined ? null : { A: better, tie: all!.tie, B: worse },
      percentile,
    },
    reason,
    notes,
  };
}

const VERDICTS: Readonly<Record<Comparison['verdict'], Preference>> = { better: 'A', worse: 'B', tie: 'tie' };
const SWAPPED: Readonly<Record<Comparison['verdict'], Preference>> = { better: 'B', worse: 'A', tie: 'tie' };

function scoreOf({ score }: Grade): number {
  if (Number.isFinite(score)) return score;
  throw noNumber();
}

const noNumber = (): StudioError =>
  new StudioError('invalid-row', 'The grader gave no number for this row.', {
    hint: 'Grade the row by itself to see what it says.',
  });
