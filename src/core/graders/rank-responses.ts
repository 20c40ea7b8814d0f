/** Compares two responses to one prompt, or orders several: by their scores, or by who beats whom where a grader only compares. */

import type { Message, Preference } from '../datasets/records.ts';
import { formatNumber } from '../methods/describe-evaluation.ts';
import type { Grade, GradeRequest, Grader } from './grader.ts';
import { SCALE_TITLES } from './registry/describe-entry.ts';

export interface PairVerdict {
  readonly verdict: Preference;
  /** Score of A minus score of B, on the grader's scale. */
  readonly margin: number;
  /** Of A being the better one, 0 to 1; null where the grader does not say so. */
  readonly probability: number | null;
  /** One of A against B; of a grader whose scores stand by themselves and that compares nothing, one of each. */
  readonly grades: readonly Grade[];
}

/** @throws StudioError of the grader */
export async function pairVerdict(
  grader: Grader,
  prompt: GradeRequest['prompt'],
  a: readonly Message[],
  b: readonly Message[],
  signal?: AbortSignal,
): Promise<PairVerdict> {
  const grade = await grader.grade({ prompt, response: a, sibling: b }, signal);
  const { comparison } = grade;
  if (comparison) {
    const verdict = ({ better: 'A', worse: 'B', tie: 'tie' } as const)[comparison.verdict];
    return { verdict, margin: comparison.margin, probability: comparison.probability ?? null, grades: [grade] };
  }
  const other = await grader.grade({ prompt, response: b }, signal);
  const margin = grade.score - other.score;
  return { verdict: margin > 0 ? 'A' : margin < 0 ? 'B' : 'tie', margin, probability: null, grades: [grade, other] };
}

/** "verdict: A (margin 1.24 of A over B, reward (logit), probability of A 0.78)". */
export function describeVerdict({ verdict, margin, probability, grades }: PairVerdict): string {
  const likely = probability === null ? '' : `, probability of A ${formatNumber(probability, 2)}`;
  return `verdict: ${verdict} (margin ${formatNumber(margin, 2)} of A over B, ${SCALE_TITLES[grades[0]!.scale]}${likely})`;
}

export interface RankedResponse {
  /** Among the responses that were given, from 0. */
  readonly index: number;
  /** From 1; equals share a rank. */
  readonly rank: number;
  /** On the grader's scale; of comparisons, how many others it beats, a tie counting one half. */
  readonly score: number;
}

export interface Ranking {
  readonly by: 'score' | 'wins';
  /** The best first. */
  readonly ranked: readonly RankedResponse[];
  /** Three that beat each other in a circle, as indexes: then no order says it all. */
  readonly circle?: readonly [number, number, number];
  readonly grades: readonly Grade[];
}

/** @param responses two or more; @throws StudioError of the grader */
export async function rankResponses(
  grader: Grader,
  prompt: GradeRequest['prompt'],
  responses: readonly (readonly Message[])[],
  signal?: AbortSignal,
): Promise<Ranking> {
  if (grader.scale !== 'preference-a-b-tie') {
    const grades: Grade[] = [];
    for (const response of responses) grades.push(await grader.grade({ prompt, response }, signal));
    return { by: 'score', ranked: ranked(grades.map(({ score }) => score)), grades };
  }
  const grades: Grade[] = [];
  const points = responses.map(() => 0);
  const beats = responses.map(() => new Set<number>());
  for (const [a, response] of responses.entries()) {
    for (const [b, sibling] of responses.entries()) {
      if (b <= a) continue;
      const grade = await grader.grade({ prompt, response, sibling }, signal);
      grades.push(grade);
      const verdict = grade.comparison?.verdict ?? 'tie';
      if (verdict === 'tie') for (const each of [a, b]) points[each]! += 0.5;
      else {
        const [better, worse] = verdict === 'better' ? [a, b] : [b, a];
        points[better]! += 1;
        beats[better]!.add(worse);
      }
    }
  }
  const circle = circleIn(beats);
  return { by: 'wins', ranked: ranked(points), ...(circle && { circle }), grades };
}

function ranked(scores: readonly number[]): RankedResponse[] {
  const order = scores.map((score, index) => ({ index, score })).sort((a, b) => b.score - a.score || a.index - b.index);
  return order.map(({ index, score }) => ({
    index,
    score,
    rank: 1 + order.filter((each) => each.score > score).length,
  }));
}

function circleIn(beats: readonly ReadonlySet<number>[]): [number, number, number] | undefined {
  for (const [a, beaten] of beats.entries()) {
    for (const b of beaten) for (const c of beats[b]!) if (beats[c]!.has(a)) return [a, b, c];
  }
  return undefined;
}
