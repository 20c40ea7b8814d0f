/** Has a grader judge one labelled record, and puts what it said beside the label. */

import { coin } from '../datasets/derive.ts';
import {
  type ComparedResponses,
  completionText,
  type Preference,
  type PreferencePair,
  promptKey,
  type ScoredResponse,
} from '../datasets/records.ts';
import { StudioError } from '../errors.ts';
import type { Comparison, Grade, Grader } from '../graders/grader.ts';
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

export interface JudgeOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws StudioError where the grader fails, or says nothing that is a number */
export async function judgeRecord(grader: Grader, record: LabelledRecord, options: JudgeOptions): Promise<Verdict> {
  switch (record.kind) {
    case 'preference-pair':
      return judgePair(grader, record, options);
    case 'scored-response':
      return judgeScore(grader, record, options);
    case 'compared-responses':
      return judgeVerdict(grader, record, options);
  }
}

/** The chosen response is shown first for about half of the pairs, so that a grader's liking for a place gains nothing. */
async function judgePair(grader: Grader, record: PreferencePair, { seed, signal }: JudgeOptions): Promise<Verdict> {
  const { prompt, chosen, rejected } = record;
  const first = coin([promptKey(prompt), completionText(chosen), completionText(rejected)], seed);
  const [response, sibling] = first ? [chosen, rejected] : [rejected, chosen];
  const grade = await grader.grade({ prompt, response, sibling }, signal);
  const { margin, probability, probabilities } = comparisonOf(grade);
  const [mine, other] = [grade.score, grade.score - margin];
  // A grader that gives verdicts alone has no probability.
  const stated = probability ?? Number.NaN;
  const ofChosen = first ? (probabilities?.better ?? stated) : (probabilities?.worse ?? 1 - stated);
  return {
    judged: {
      kind: 'preference-pair',
      margin: first ? margin : -margin,
      probability: Number.isFinite(ofChosen) ? ofChosen : null,
      longer: longerIsBetter(chosen, rejected),
    },
    scores: first ? [mine, other] : [other, mine],
  };
}

async function judgeScore(grader: Grader, record: ScoredResponse, { signal }: JudgeOptions): Promise<Verdict> {
  const { prompt, response, score: label } = record;
  const { score, label: said, probabilities } = await grader.grade({ prompt, response }, signal);
  if (!Number.isFinite(score)) throw noNumber();
  const answer = typeof said === 'number' && SCORES.includes(said) ? said : Math.min(4, Math.max(0, Math.round(score)));
  return {
    judged: {
      kind: 'scored-response',
      score,
      answer,
      label,
      probabilities: probabilities?.length === SCORES.length ? probabilities : null,
    },
    scores: [score],
  };
}

async function judgeVerdict(grader: Grader, record: ComparedResponses, { signal }: JudgeOptions): Promise<Verdict> {
  const { prompt, responseA, responseB, preferred } = record;
  const grade = await grader.grade({ prompt, response: responseA, sibling: responseB }, signal);
  const { margin, verdict, probabilities } = comparisonOf(grade);
  return {
    judged: {
      kind: 'compared-responses',
      margin,
      verdict: VERDICT_OF[verdict],
      preferred,
      probabilities: probabilities ? { A: probabilities.better, tie: probabilities.tie, B: probabilities.worse } : null,
      longer: longerOf(record),
    },
    // What is compared is the two together: a judge need not score one by itself.
    scores: [null, null],
  };
}

const VERDICT_OF: Readonly<Record<Comparison['verdict'], Preference>> = { better: 'A', worse: 'B', tie: 'tie' };

function longerOf({ preferred, responseA, responseB }: ComparedResponses): number | null {
  if (preferred === 'tie') return null;
  return preferred === 'A' ? longerIsBetter(responseA, responseB) : longerIsBetter(responseB, responseA);
}

function comparisonOf(grade: Grade): Comparison {
  const { comparison, score } = grade;
  if (!comparison || !Number.isFinite(comparison.margin) || !Number.isFinite(score)) throw noNumber();
  return comparison;
}

const noNumber = (): StudioError =>
  new StudioError('invalid-row', 'The grader gave no number for this row.', {
    hint: 'Grade the row by itself to see what it says.',
  });
