/** Evaluations of a run: measures with n, interval and baselines, by slice, and over the steps. */

import type { EvaluationInfo, FileEvaluation, RunSummary } from '../../src/protocol/run-panel.ts';
import { button, element } from '../dataset/elements.ts';
import { baselineText, MEASURE_TITLES, measureRow } from '../ui/measures.ts';
import { clock, count, number } from './text.ts';

export class ValidationView {
  readonly element = element('section', { class: 'validation' });
  #chosen: number | undefined;
  readonly #onOpen: (file: string) => void;
  #shown = '';

  /** @param onOpen of an evaluation on a file */
  constructor(onOpen: (file: string) => void) {
    this.#onOpen = onOpen;
  }

  show(own: RunSummary, others: readonly RunSummary[], onFiles: readonly FileEvaluation[]): void {
    const key = JSON.stringify([
      this.#chosen,
      onFiles,
      own.evaluations,
      others.map(({ name, evaluations }) => [name, evaluations.at(-1)]),
    ]);
    if (key === this.#shown) return;
    this.#shown = key;
    const { evaluations } = own;
    const files = onFiles.length > 0 ? [filesTable(onFiles, this.#onOpen)] : [];
    if (evaluations.length === 0) {
      this.element.replaceChildren(
        ...files,
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
      this.show(own, others, onFiles);
    });
    this.element.replaceChildren(
      element(
        'p',
        { class: 'validation-head' },
        select,
        element('span', { class: 'dim' }, `n ${count(shown.evaluation.n)}`),
      ),
      ...shown.evaluation.measures.map((measure) => measureRow(measure, shown.evaluation)),
      ...(shown.slices.length > 0 ? [slicesTable(shown)] : []),
      ...files,
      ...(others.length > 0 ? [comparison(own, others)] : []),
    );
  }
}

const titleOf = ({ step, final }: EvaluationInfo, latest: boolean): string =>
  final ? 'Trained model' : `Evaluation at step ${count(step ?? 0)}${latest ? ' (latest)' : ''}`;

/** What the model was measured on when the training was over. */
function filesTable(evaluations: readonly FileEvaluation[], onOpen: (file: string) => void): HTMLElement {
  const rows = evaluations.map(({ file, data, createdAt, n, measure }) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        button(data, () => onOpen(file), { class: 'link' }),
      ),
      ...[
        count(n),
        measure ? (MEASURE_TITLES[measure.name] ?? measure.name) : '',
        measure ? number(measure.value) : '',
        measure ? `${number(measure.interval[0])} to ${number(measure.interval[1])}` : '',
        clock(createdAt),
      ].map((text) => element('td', {}, text)),
    ),
  );
  const titles = ['file', 'n', 'measure', 'value', '95 % interval', 'evaluated'];
  return element(
    'table',
    { class: 'plain on-files' },
    element('caption', {}, 'Evaluations on files'),
    element('thead', {}, element('tr', {}, ...titles.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...rows),
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
      baseline ? baselineText(baseline) : '',
    ];
    return element('tr', {}, ...cells.map((text) => element('td', {}, text)));
  });
  const titles = ['by', 'slice', 'n', first ? MEASURE_TITLES[first] : '', '95 % interval', 'baseline'];
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
      element('th', { scope: 'row' }, MEASURE_TITLES[name] ?? name),
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
