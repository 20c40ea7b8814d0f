/** What a grade comes to at a glance. Scales stay apart: a mark says which one it is of, and each has its own form. */

import type { Grade } from './grader.ts';

/** Of a verdict over the sibling, of a score from 0 to 4, of a percentile among the responses of the training data. */
export const GRADE_MARKS = [
  'verdict-better',
  'verdict-tie',
  'verdict-worse',
  'score-high',
  'score-middle',
  'score-low',
  'percentile-high',
  'percentile-middle',
  'percentile-low',
] as const;
export type GradeMark = (typeof GRADE_MARKS)[number];

/** A score that rounds to 3 or 4 is high, to 0 or 1 low. */
const SCORES = { high: 2.5, low: 1.5 };
/** The best and the worst quarter of the responses of the training data. */
const PERCENTILES = { high: 75, low: 25 };

/** Undefined where a grade means nothing by itself: a reward without a sibling, whose percentile nobody knows. */
export function markOfGrade({ scale, score, comparison, percentile }: Grade): GradeMark | undefined {
  if (scale === 'score-0-4') return Number.isFinite(score) ? `score-${levelOf(score, SCORES)}` : undefined;
  if (comparison !== undefined) return `verdict-${comparison.verdict}`;
  return percentile === undefined ? undefined : `percentile-${levelOf(percentile, PERCENTILES)}`;
}

const levelOf = (value: number, { high, low }: { high: number; low: number }): 'high' | 'middle' | 'low' =>
  value >= high ? 'high' : value < low ? 'low' : 'middle';
