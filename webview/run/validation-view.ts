/** Evaluations of a run: measures with n, interval and baselines, by slice, and over the steps. */

import type { Measure } from '../../src/core/methods/evaluation.ts';
import type { EvaluationInfo, RunSummary } from '../../src/protocol/run-panel.ts';
import { element } from '../dataset/elements.ts';
import { count, number } from './text.ts';

const TITLES: Readonly<Record<Measure['name'], string>> = {
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

export class ValidationView {
  readonly element = element('section', { class: 'validation' });
  #chosen: number | undefined;
  #shown = '';

  show(own: RunSummary, others: readonly RunSummary[]): void {
    const key = JSON.stringify([
      this.#chosen,
      own.evaluations,
      others.map(({ name, evaluations }) => [name, evaluations.at(-1)]),
    ]);
    if (key === this.#shown) return;
    this.#shown = key;
    const { evaluations } = own;
    if (evaluations.length === 0) {
      this.element.replaceChildren(
        element(
          'p',
          { class: 'no-metrics' },
          'No evaluation yet. One comes with the result, or earlier where the trainer evaluates meanwhile.',
        ),
      );
      return;
    }
    const at = Math.min(this.#chosen ?? evaluations.length - 1, evaluations.length - 1);
    const shown = evaluations[at]!;
    const select = element(
      'select',
      { 'aria-label': 'Evaluation' },
      ...evaluations.map((each, place) =>
        element('option', { value: place, selected: place === at }, titleOf(each, place === evaluations.length - 1)),
      ),
    );
    select.addEventListener('change', () => {
      this.#chosen = Number(select.value);
      this.show(own, others);
    });
    this.element.replaceChildren(
      element(
        'p',
        { class: 'validation-head' },
        select,
        element('span', { class: 'dim' }, `n ${count(shown.evaluation.n)}`),
      ),
      ...shown.evaluation.measures.map((measure) => measureRow(measure, shown)),
      ...(shown.slices.length > 0 ? [slicesTable(shown)] : []),
      ...(others.length > 0 ? [comparison(own, others)] : []),
    );
  }
}

const titleOf = ({ step, final }: EvaluationInfo, latest: boolean): string =>
  final ? 'Trained model' : `Evaluation at step ${count(step ?? 0)}${latest ? ' (latest)' : ''}`;

/** Value, interval and baselines on one scale. */
function measureRow(measure: Measure, { evaluation }: EvaluationInfo): HTMLElement {
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
  const beside = baselines.map(
    ({ baseline, answer, measure: level }) =>
      `${BASELINES[baseline] ?? baseline}${answer === undefined ? '' : ` (${answer})`} ${number(level.value)}`,
  );
  return element(
    'div',
    { class: 'measure' },
    element(
      'div',
      { class: 'measure-head' },
      element('b', {}, TITLES[measure.name] ?? measure.name),
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

function slicesTable({ slices }: EvaluationInfo): HTMLElement {
  const first = slices[0]?.evaluation.measures[0]?.name;
  const rows = slices.map(({ by, value, evaluation }) => {
    const measure = evaluation.measures[0];
    const baseline = evaluation.baselines.find((each) => each.measure.name === measure?.name);
    const cells = [
      by,
      value,
      count(evaluation.n),
      measure ? number(measure.value) : '',
      measure ? `${number(measure.interval[0])} to ${number(measure.interval[1])}` : '',
      baseline ? `${BASELINES[baseline.baseline] ?? baseline.baseline} ${number(baseline.measure.value)}` : '',
    ];
    return element('tr', {}, ...cells.map((text) => element('td', {}, text)));
  });
  const titles = ['by', 'slice', 'n', first ? TITLES[first] : '', '95 % interval', 'baseline'];
  return element(
    'table',
    { class: 'plain slices' },
    element('caption', {}, 'Slices'),
    element('thead', {}, element('tr', {}, ...titles.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...rows),
  );
}

/** The latest evaluation of each run; measures of different rows are not the same, so n stands with each. */
function comparison(own: RunSummary, others: readonly RunSummary[]): HTMLElement {
  const runs = [own, ...others];
  const names = [
    ...new Set(
      runs.flatMap(({ evaluations }) => evaluations.at(-1)?.evaluation.measures.map(({ name }) => name) ?? []),
    ),
  ];
  const rows = names.map((name) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, TITLES[name] ?? name),
      ...runs.map(({ evaluations }) => {
        const found = evaluations.at(-1)?.evaluation.measures.find((measure) => measure.name === name);
        return element(
          'td',
          {},
          found
            ? `${number(found.value)} (${number(found.interval[0])} to ${number(found.interval[1])}, n ${count(found.n)})`
            : '',
        );
      }),
    ),
  );
  return element(
    'table',
    { class: 'plain' },
    element('caption', {}, 'Latest evaluation of each run'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['Measure', ...runs.map(({ name }) => name)].map((text) => element('th', { scope: 'col' }, text)),
      ),
    ),
    element('tbody', {}, ...rows),
  );
}
