/** What a grade holds that a judge gives: of one response, or of two in both orders. */

import { StudioError } from '../../errors.ts';
import type { Verdict } from '../../methods/judges/read-verdict.ts';
import type { Comparison, Grade, GradeRequest } from '../grader.ts';
import type { Judge, JudgeAnswer } from './judge.ts';

export type Judged = Pick<Grade, 'score' | 'label' | 'probabilities' | 'comparison' | 'reason' | 'notes'>;

/** With the probabilities of verdicts the score is their mean; the label stays what it wrote. */
export async function scoredBy(judge: Judge, request: GradeRequest, signal?: AbortSignal): Promise<Judged> {
  const { prompt, response } = request;
  const { verdict, probabilities, reason } = await judge.ask('pointwise', { prompt, response }, signal);
  const label = verdict as number;
  return {
    score: probabilities?.reduce((sum, each) => sum + Number(each.verdict) * each.probability, 0) ?? label,
    label,
    ...(probabilities === undefined ? {} : { probabilities: probabilities.map(({ probability }) => probability) }),
    ...(reason === undefined ? {} : { reason }),
    ...(probabilities === undefined && judge.wantsProbabilities ? { notes: [NO_PROBABILITIES] } : {}),
  };
}

/** Both orders are asked: a judge that names the first whichever it is has said nothing. */
export async function comparedBy(judge: Judge, request: GradeRequest, signal?: AbortSignal): Promise<Judged> {
  const { prompt, response, sibling } = request;
  if (sibling === undefined) {
    throw new StudioError('usage', 'This judge compares two responses, and there is only one here.', {
      hint: 'Grade a response that has a sibling, or choose a grader that scores one response.',
    });
  }
  const [first, second] = await Promise.all([
    judge.ask('pairwise', { prompt, response, other: sibling }, signal),
    judge.ask('pairwise', { prompt, response: sibling, other: response }, signal),
  ]);
  const points = [pointsOf(first.verdict, 'A'), pointsOf(second.verdict, 'B')] as const;
  const score = (points[0] + points[1]) / 2;
  const agreed = points[0] === points[1];
  const label = score > 0 && agreed ? 'A' : score < 0 && agreed ? 'B' : 'tie';
  const notes = agreed
    ? []
    : [
        `The verdict depends on the order: ${first.verdict} with this response first, ${second.verdict} with it second.`,
      ];
  return {
    score,
    label,
    comparison: {
      margin: score,
      verdict: label === 'A' ? 'better' : label === 'B' ? 'worse' : 'tie',
      ...probabilitiesOf(first, second),
    },
    ...(first.reason === undefined ? {} : { reason: first.reason }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

const NO_PROBABILITIES = 'The model told no probabilities of its verdicts: the score is the verdict itself.';

/** 1 where the verdict names the side, -1 where it names the other, 0 for a tie. */
const pointsOf = (verdict: Verdict, side: 'A' | 'B'): number => (verdict === 'tie' ? 0 : verdict === side ? 1 : -1);

/** The mean of both orders. */
function probabilitiesOf(first: JudgeAnswer, second: JudgeAnswer): Pick<Comparison, 'probability' | 'probabilities'> {
  if (!first.probabilities || !second.probabilities) return {};
  const of = ({ probabilities }: JudgeAnswer, verdict: Verdict): number =>
    probabilities?.find((each) => each.verdict === verdict)?.probability ?? 0;
  const probabilities = {
    better: (of(first, 'A') + of(second, 'B')) / 2,
    tie: (of(first, 'tie') + of(second, 'tie')) / 2,
    worse: (of(first, 'B') + of(second, 'A')) / 2,
  };
  return { probability: probabilities.better, probabilities };
}
