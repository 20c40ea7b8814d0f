/** Evaluations as text: every number with its n, interval and baselines. */

import type { Baseline, Evaluation, Measure, MeasureName } from './evaluation.ts';

const TITLES: Readonly<Record<MeasureName, string>> = {
  'pair-accuracy': 'pair accuracy',
  'exact-accuracy': 'exact accuracy',
  'decided-accuracy': 'accuracy without ties',
  'mean-absolute-error': 'mean absolute error',
  'quadratic-weighted-kappa': 'quadratic weighted kappa',
  'log-loss': 'log loss (nats)',
  'mean-margin': 'mean margin (logits)',
  'mean-reward': 'mean reward',
  'swap-agreement': 'agreement of both orders',
  'parse-failures': 'no verdict parsed',
};

const BASELINE_TITLES = {
  'pick-longer': 'pick-longer',
  'majority-class': 'majority class',
  'best-constant': 'best constant',
  chance: 'chance',
} as const satisfies Record<Baseline['baseline'], string>;

export const measureTitle = (name: MeasureName): string => TITLES[name];

/** "pick-longer", or "best constant 2" where the baseline always gives one answer. */
export function baselineTitle(baseline: Baseline): string {
  const title = BASELINE_TITLES[baseline.baseline];
  return baseline.answer === undefined ? title : `${title} (${baseline.answer})`;
}

/** A number to three decimals with a true minus sign. */
export function formatNumber(value: number, decimals = 3): string {
  return value.toFixed(decimals).replace('-', '\u2212');
}

/** "0.641 (95 % interval 0.621 to 0.661, n 2308)". */
export function formatMeasure(measure: Measure): string {
  const [low, high] = measure.interval;
  return `${formatNumber(measure.value)} (95 % interval ${formatNumber(low)} to ${formatNumber(high)}, n ${measure.n})`;
}

/** One line a measure, its baselines on the same rows behind it. */
export function describeEvaluation(evaluation: Evaluation): string[] {
  return evaluation.measures.map((measure) => {
    const beside = evaluation.baselines
      .filter((baseline) => baseline.measure.name === measure.name)
      .map((baseline) => `${baselineTitle(baseline)} ${formatNumber(baseline.measure.value)}`);
    return `${measureTitle(measure.name)} ${formatMeasure(measure)}${beside.length === 0 ? '' : `; ${beside.join(', ')}`}`;
  });
}

const SHORT_TITLES: Readonly<Record<MeasureName, string>> = {
  ...TITLES,
  'pair-accuracy': 'acc',
  'exact-accuracy': 'acc',
  'decided-accuracy': 'acc',
  'mean-absolute-error': 'MAE',
};

/** The first measure in a few characters, for lists: "acc 0.641". */
export function headline(evaluation: Evaluation): string | undefined {
  const first = evaluation.measures[0];
  return first && shortMeasure(first);
}

/** "acc 0.641". */
export const shortMeasure = ({ name, value }: Measure): string => `${SHORT_TITLES[name]} ${formatNumber(value)}`;
