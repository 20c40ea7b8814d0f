/** What needs no model: the answers that any model has to beat on the same rows. */

import { completionText, type Message } from '../datasets/records.ts';
import type { Baseline, Measure } from './evaluation.ts';
import { absoluteErrors, meanMeasure, ranked, type ShareName, shareMeasure } from './metrics.ts';

/** A response and one that is better than it. */
export interface RankedPair {
  readonly better: readonly Message[];
  readonly worse: readonly Message[];
}

/** Always prefers the longer completion, in UTF-16 code units; equally long ones count one half. */
export function pickLonger(name: ShareName, pairs: readonly RankedPair[]): Baseline {
  const outcomes = pairs.map(({ better, worse }) =>
    ranked(completionText(better).length, completionText(worse).length),
  );
  return { baseline: 'pick-longer', measure: shareMeasure(name, outcomes) };
}

/** Always answers the commonest label of these very rows, the first of equals. */
export function majorityClass(labels: readonly (string | number)[]): Baseline {
  const counts = new Map<string | number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [answer] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most));
  const outcomes = labels.map((label) => (label === answer ? 1 : 0));
  return { baseline: 'majority-class', answer: String(answer), measure: shareMeasure('exact-accuracy', outcomes) };
}

/** Always answers the median label of these very rows, which no other constant beats in mean absolute error. */
export function bestConstant(labels: readonly number[]): Baseline {
  const sorted = [...labels].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  const errors = absoluteErrors(new Array<number>(labels.length).fill(median), labels);
  return { baseline: 'best-constant', answer: String(median), measure: meanMeasure('mean-absolute-error', errors) };
}

/** Answers at random among `classes` equally likely ones; known without measuring, so its interval is a point. */
export function chance(name: ShareName, n: number, classes: number): Baseline {
  const value = 1 / classes;
  const measure: Measure = { name, value, n, interval: [value, value], better: 'higher' };
  return { baseline: 'chance', measure };
}

/** Gives each of `classes` the same probability: a log loss of ln(classes), the line of no signal (ln 2 = 0.693 for pairs). */
export function chanceLoss(n: number, classes: number): Baseline {
  const value = Math.log(classes);
  const measure: Measure = { name: 'log-loss', value, n, interval: [value, value], better: 'lower' };
  return { baseline: 'chance', measure };
}
