/** What needs no model: the answers that any model has to beat on the same rows. */

import { completionText, type Message } from '../datasets/records.ts';
import type { Baseline, Measure } from './evaluation.ts';
import { ranked } from './metrics.ts';
import { MeanTally, type ShareName, ShareTally } from './tallies.ts';

/** 1 where the better response is the longer one, in UTF-16 code units; equally long ones count one half. */
export const longerIsBetter = (better: readonly Message[], worse: readonly Message[]): number =>
  ranked(completionText(better).length, completionText(worse).length);

/** Always prefers the longer completion. @param outcomes of `longerIsBetter` */
export const pickLonger = (name: ShareName, outcomes: ShareTally): Baseline => ({
  baseline: 'pick-longer',
  measure: outcomes.measure(name),
});

/** Always answers the commonest label of these very rows. @param counts rows of each label; the first of equals is taken */
export function majorityClass(counts: readonly (readonly [label: string | number, rows: number])[]): Baseline {
  const [answer] = counts.reduce((most, each) => (each[1] > most[1] ? each : most));
  const share = new ShareTally();
  for (const [label, rows] of counts) share.add(label === answer ? 1 : 0, rows);
  return { baseline: 'majority-class', answer: String(answer), measure: share.measure('exact-accuracy') };
}

/**
 * Always answers the median label of these very rows, which no other constant beats in mean absolute error.
 * @param counts rows of each label, ascending
 */
export function bestConstant(counts: readonly (readonly [label: number, rows: number])[]): Baseline {
  const n = counts.reduce((sum, [, rows]) => sum + rows, 0);
  const at = (place: number): number => {
    let before = 0;
    const found = counts.find(([, rows]) => {
      before += rows;
      return place < before;
    });
    return found?.[0] ?? Number.NaN;
  };
  const median = (at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2))) / 2;
  const errors = new MeanTally();
  for (const [label, rows] of counts) errors.add(Math.abs(label - median), rows);
  return { baseline: 'best-constant', answer: String(median), measure: errors.measure('mean-absolute-error') };
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
