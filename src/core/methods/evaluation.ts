/** What an evaluation says: every measure with its n and interval, beside the trivial baselines on the same rows. */

import type { MethodId } from './method.ts';

export type MeasureName =
  /** Share of preference pairs with the chosen response ranked above the rejected one (ties count one half). */
  | 'pair-accuracy'
  /** Share of rows whose predicted class (score 0-4; A, B or tie) equals the label. */
  | 'exact-accuracy'
  /** Share of non-tie rows on which the better response was named, ties of the model counting one half. */
  | 'decided-accuracy'
  /** Mean |predicted score - label|, in points of the 0-4 scale. */
  | 'mean-absolute-error'
  /** Cohen's kappa with quadratic weights between predicted and labelled score. */
  | 'quadratic-weighted-kappa'
  /** Mean negative log-likelihood of the label, in nats. */
  | 'log-loss'
  /** Mean reward difference, chosen minus rejected, in logits. */
  | 'mean-margin'
  /** What a judge's verdicts earn under the reward that it is trained with, 0 to 1; no verdict earns 0. */
  | 'mean-reward'
  /** Share of comparisons that get the same verdict in both orders; without a verdict they do not. */
  | 'swap-agreement'
  /** Share of completions of a judge that no verdict was read from. */
  | 'parse-failures';

export interface Measure {
  readonly name: MeasureName;
  readonly value: number;
  /** Rows (or pairs) it was measured on. */
  readonly n: number;
  /** 95 % confidence interval: Wilson for shares, normal approximation for means. */
  readonly interval: readonly [low: number, high: number];
  readonly better: 'higher' | 'lower';
}

export type BaselineName = 'pick-longer' | 'majority-class' | 'best-constant' | 'chance';

export interface Baseline {
  readonly baseline: BaselineName;
  /** What it always answers, where that is one thing: a class or a score. */
  readonly answer?: string;
  readonly measure: Measure;
}

export interface Evaluation {
  readonly method: MethodId;
  readonly n: number;
  /** The measure to show where only one fits comes first. */
  readonly measures: readonly Measure[];
  readonly baselines: readonly Baseline[];
}
