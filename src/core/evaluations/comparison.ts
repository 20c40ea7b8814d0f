/** What a comparison of two evaluations, A and B, says. */

import type { MeasureName } from '../methods/evaluation.ts';
import type { Interval } from '../methods/intervals.ts';

export interface PairedDifference {
  readonly name: MeasureName;
  readonly a: number;
  readonly b: number;
  /** B minus A. */
  readonly difference: number;
  /** 95 %. */
  readonly interval: Interval;
  readonly better: 'higher' | 'lower';
}

/** Records on which one is right and the other is not. */
export interface Disagreement {
  readonly records: number;
  /** The first rows of them. */
  readonly rows: readonly number[];
}

export interface EvaluationComparison {
  /** Records that both graded: all numbers are of these. */
  readonly n: number;
  /** Records that only one of them graded. */
  readonly gradedByOne: { readonly a: number; readonly b: number };
  readonly differences: readonly PairedDifference[];
  readonly bothRight: number;
  readonly bothWrong: number;
  readonly onlyA: Disagreement;
  readonly onlyB: Disagreement;
  /** Of the rest, equal scores counted one half by at least one of them: not right and not wrong. */
  readonly undecided: number;
  /** Two-sided mid-P of McNemar's test on `onlyA` and `onlyB`. */
  readonly p: number;
}
