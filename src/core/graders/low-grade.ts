/** Whether a grade is under a threshold, by a measure that its scale has. Scales are never mixed: each has its own. */

import { formatNumber } from '../methods/describe-evaluation.ts';
import type { Scale } from '../methods/method.ts';

/** What measures look at: a grade, or what a file keeps of one. */
export interface MeasuredGrade {
  readonly score?: number | undefined;
  readonly percentile?: number | undefined;
  readonly comparison?: { readonly margin?: number | undefined; readonly probability?: number | undefined } | undefined;
}

export type MeasureId = 'score' | 'percentile' | 'margin' | 'probability';

export interface GradeMeasure {
  readonly id: MeasureId;
  readonly title: string;
  readonly about: string;
  /** What a threshold may be, both ends included; undefined where it has no end. */
  readonly least?: number;
  readonly most?: number;
  /** What a person would try first. */
  readonly usual: number;
  /** Undefined where a grade does not say it. */
  readonly valueOf: (grade: MeasuredGrade) => number | undefined;
  /** "Score 1.20 of 4". */
  readonly describe: (value: number) => string;
}

const SCORE: GradeMeasure = {
  id: 'score',
  title: 'Score',
  about: 'helpfulness, 0 (worst) to 4 (best)',
  least: 0,
  most: 4,
  usual: 2,
  valueOf: ({ score }) => score,
  describe: (value) => `Score ${formatNumber(value, 2)} of 4`,
};
const PERCENTILE: GradeMeasure = {
  id: 'percentile',
  title: 'Percentile',
  about: 'among the responses of the training data, 0 to 100',
  least: 0,
  most: 100,
  usual: 25,
  valueOf: ({ percentile }) => percentile,
  describe: (value) => `Percentile ${formatNumber(value, 0)} of 100 among training responses`,
};
const MARGIN: GradeMeasure = {
  id: 'margin',
  title: 'Reward margin',
  about: 'over the sibling response, in logits; below 0 the sibling is the better one',
  usual: 0,
  valueOf: ({ comparison }) => comparison?.margin,
  describe: (value) => `Reward margin ${value > 0 ? '+' : ''}${formatNumber(value, 2)} over the sibling response`,
};
const PROBABILITY: GradeMeasure = {
  id: 'probability',
  title: 'Probability of being better',
  about: 'than the sibling response, 0 to 1',
  least: 0,
  most: 1,
  usual: 0.5,
  valueOf: ({ comparison }) => comparison?.probability,
  describe: (value) => `Probability ${formatNumber(value, 2)} of being better than the sibling response`,
};

/** A reward by itself is no measure: it compares only responses to one prompt. */
const MEASURES: Readonly<Record<Scale, readonly GradeMeasure[]>> = {
  'logit-within-prompt': [PERCENTILE, MARGIN],
  'score-0-4': [SCORE, PERCENTILE],
  'preference-a-b-tie': [PROBABILITY, PERCENTILE],
};

export const measuresOfScale = (scale: Scale): readonly GradeMeasure[] => MEASURES[scale];

export interface Threshold {
  readonly measure: GradeMeasure;
  readonly below: number;
}

/** The threshold that a text says, or what is wrong with it. */
export function parseThreshold(text: string, measure: GradeMeasure): Threshold | { readonly problem: string } {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = measure;
  const below = Number(text.trim().replace('\u2212', '-').replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(below)) return { problem: 'This is not a number.' };
  if (below < least || below > most) return { problem: `${measure.title} is ${least} to ${most}.` };
  return { measure, below };
}

/** "Score 1.20 of 4, below 2" where it is; undefined where it is not, or where the grade does not say it. */
export function describeLowGrade(grade: MeasuredGrade, { measure, below }: Threshold): string | undefined {
  const value = measure.valueOf(grade);
  if (value === undefined || !(value < below)) return undefined;
  return `${measure.describe(value)}, below ${String(below).replace('-', '\u2212')}`;
}
