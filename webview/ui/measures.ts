/** Measures of an evaluation, each with its n, interval and baselines. */

import type { Baseline, Evaluation, Measure } from '../../src/core/methods/evaluation.ts';
import { element } from '../dataset/elements.ts';
import { count, number } from '../run/text.ts';

export const MEASURE_TITLES: Readonly<Record<Measure['name'], string>> = {
  'pair-accuracy': 'Pair accuracy',
  'exact-accuracy': 'Exact accuracy',
  'decided-accuracy': 'Accuracy without ties',
  'mean-absolute-error': 'Mean absolute error',
  'quadratic-weighted-kappa': 'Quadratic weighted kappa',
  'log-loss': 'Log loss, nats',
  'mean-margin': 'Mean margin, logits',
  'mean-reward': 'Mean reward',
  'swap-agreement': 'Agreement of both orders',
  'parse-failures': 'No verdict parsed',
};

const BASELINES: Readonly<Record<string, string>> = {
  'pick-longer': 'pick-longer',
  'majority-class': 'majority class',
  'best-constant': 'best constant',
  chance: 'chance',
};

/** "pick-longer 0.446", "majority class (B) 0.524". */
export const baselineText = ({ baseline, answer, measure }: Baseline): string =>
  `${BASELINES[baseline] ?? baseline}${answer === undefined ? '' : ` (${answer})`} ${number(measure.value)}`;

/** Value, interval and baselines on one scale. */
export function measureRow(measure: Measure, evaluation: Evaluation): HTMLElement {
  const baselines = evaluation.baselines.filter((baseline) => baseline.measure.name === measure.name);
  const [low, high] = measure.interval;
  const levels = [measure.value, low, high, ...baselines.map((baseline) => baseline.measure.value)].filter(
    Number.isFinite,
  );
  const share = measure.name.endsWith('accuracy');
  const least = share ? 0 : Math.min(0, ...levels);
  const greatest = share ? 1 : Math.max(0, ...levels) * 1.1 || 1;
  const place = (value: number) => `${Math.max(0, Math.min(100, ((value - least) / (greatest - least)) * 100))}%`;
  const fill = element('span', { class: 'fill' });
  fill.style.width = place(measure.value);
  const whisker = element('span', { class: 'whisker' });
  whisker.style.left = place(low);
  whisker.style.width = `calc(${place(high)} - ${place(low)})`;
  const bar = element('span', { class: 'measure-bar', 'aria-hidden': 'true' }, fill, whisker);
  for (const { measure: level } of baselines) {
    const tick = element('span', { class: 'level' });
    tick.style.left = place(level.value);
    bar.append(tick);
  }
  const beside = baselines.map(baselineText);
  return element(
    'div',
    { class: 'measure' },
    element(
      'div',
      { class: 'measure-head' },
      element('b', {}, MEASURE_TITLES[measure.name] ?? measure.name),
      element('b', {}, number(measure.value)),
    ),
    element(
      'div',
      { class: 'dim' },
      `95 % interval ${number(low)} to ${number(high)}, n ${count(measure.n)}, ${measure.better} is better`,
    ),
    bar,
    element('div', { class: 'dim' }, beside.length === 0 ? 'no baseline' : `baselines: ${beside.join(', ')}`),
  );
}
