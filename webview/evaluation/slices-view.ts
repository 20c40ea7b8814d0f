/** A measure on parts of the rows, each with n and interval, beside the whole. */

import { differs } from '../../src/core/evaluations/differs.ts';
import type { EvaluationReport, Slicing } from '../../src/core/evaluations/report.ts';
import type { Measure } from '../../src/core/methods/evaluation.ts';
import { element, icon } from '../dataset/elements.ts';
import { count, number } from '../run/text.ts';
import { baselineText, MEASURE_TITLES } from '../ui/measures.ts';
import { intervalBar } from './interval-bar.ts';
import type { ViewState } from './view-state.ts';

type Slice = Slicing['slices'][number];

const titleOf = ({ kind, by }: Slicing): string => (kind === 'column' ? `column ${by}` : by);
const keyOf = ({ kind, by }: Slicing): string => `${kind} ${by}`;

export class SlicesView {
  readonly element = element('section', { class: 'slices', 'aria-label': 'Slices' });
  readonly #report: EvaluationReport;
  readonly #save: (change: Partial<ViewState>) => void;
  readonly #table = element('div', {});
  #view: ViewState;

  constructor(report: EvaluationReport, view: ViewState, save: (change: Partial<ViewState>) => void) {
    this.#report = report;
    this.#view = view;
    this.#save = save;
    const { slicings, evaluation } = report;
    if (slicings.length === 0) {
      this.element.append(
        element('h2', {}, 'Slices'),
        element('p', { class: 'dim' }, 'There is nothing that these rows could be told apart by.'),
      );
      return;
    }
    const by = element(
      'select',
      { 'aria-label': 'Slices by' },
      ...slicings.map((each) =>
        element('option', { value: keyOf(each), selected: keyOf(each) === this.#view.slicing }, titleOf(each)),
      ),
    );
    by.addEventListener('change', () => this.#change({ slicing: by.value }));
    const measure = element(
      'select',
      { 'aria-label': 'Measure' },
      ...evaluation.measures.map(({ name }) =>
        element('option', { value: name, selected: name === this.#view.measure }, MEASURE_TITLES[name] ?? name),
      ),
    );
    measure.addEventListener('change', () => this.#change({ measure: measure.value }));
    const weakest = element('input', { type: 'checkbox', checked: this.#view.weakestFirst });
    weakest.addEventListener('change', () => this.#change({ weakestFirst: weakest.checked }));
    this.element.append(
      element('h2', {}, 'Slices'),
      element(
        'p',
        { class: 'slice-tools' },
        element('label', {}, 'by ', by),
        element('label', {}, 'measure ', measure),
        element('label', {}, weakest, 'weakest first'),
      ),
      this.#table,
    );
    this.#show();
  }

  #change(change: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...change };
    this.#save(change);
    this.#show();
  }

  #show(): void {
    const { slicings, evaluation } = this.#report;
    const slicing = slicings.find((each) => keyOf(each) === this.#view.slicing) ?? slicings[0]!;
    const whole = evaluation.measures.find(({ name }) => name === this.#view.measure) ?? evaluation.measures[0]!;
    const of = ({ evaluation: { measures } }: Slice) => measures.find(({ name }) => name === whole.name);
    const slices = this.#view.weakestFirst ? weakestFirst(slicing.slices, of, whole.better) : slicing.slices;
    const measures = slices.flatMap((slice) => of(slice) ?? []);
    const scale = scaleOf([...measures, whole]);
    const rows = slices.map((slice) => sliceRow(slice, of(slice), whole, scale));
    const marked = slices.filter((slice) => differs(of(slice), whole) !== null).length;
    const notes = [
      `Dotted: all rows, ${number(whole.value)}.`,
      marked > 0
        ? `${count(marked)} of ${count(slices.length)} slices differ: their interval does not hold the value of all rows. By chance alone that happens to about one slice in twenty.`
        : 'No slice of ten rows or more differs: their intervals hold the value of all rows.',
      slicing.without > 0 ? `${count(slicing.without)} rows have no value.` : '',
      slicing.kind === 'length' || slicing.kind === 'length-difference' || slicing.kind === 'strength'
        ? 'Numbers are rounded to two digits before rows are put together.'
        : '',
    ];
    const titles = [
      titleOf(slicing),
      'n',
      MEASURE_TITLES[whole.name] ?? whole.name,
      '95 % interval',
      '',
      'baseline',
      '',
    ];
    this.#table.replaceChildren(
      element(
        'table',
        { class: 'plain slice-table' },
        element('caption', { class: 'visually-hidden' }, `${MEASURE_TITLES[whole.name]} by ${titleOf(slicing)}`),
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...titles.map((text, at) =>
              element('th', { scope: 'col', class: at > 0 && at < 4 ? 'figure' : undefined }, text),
            ),
          ),
        ),
        element('tbody', {}, ...rows),
      ),
      element('p', { class: 'dim' }, notes.filter((note) => note !== '').join(' ')),
    );
  }
}

function sliceRow(slice: Slice, measure: Measure | undefined, whole: Measure, scale: readonly [number, number]) {
  const baseline = slice.evaluation.baselines.find((each) => each.measure.name === whole.name);
  const [low, high] = measure?.interval ?? [Number.NaN, Number.NaN];
  const mark = differs(measure, whole);
  return element(
    'tr',
    { 'data-slice': slice.value },
    element('th', { scope: 'row' }, slice.value),
    element('td', { class: 'figure' }, count(measure?.n ?? 0)),
    element('td', { class: 'figure' }, number(measure?.value)),
    element('td', { class: 'figure' }, measure ? `${number(low)} to ${number(high)}` : ''),
    element(
      'td',
      { class: 'bar-cell' },
      measure && Number.isFinite(measure.value)
        ? intervalBar({ value: measure.value, interval: measure.interval, level: whole.value }, scale)
        : undefined,
    ),
    element('td', {}, baseline ? baselineText(baseline) : ''),
    element(
      'td',
      { class: mark === null ? '' : `mark ${mark}` },
      ...(mark === null ? [] : [icon(mark === 'better' ? 'up' : 'down'), ` ${mark} than all rows`]),
    ),
  );
}

function weakestFirst(slices: readonly Slice[], of: (slice: Slice) => Measure | undefined, better: Measure['better']) {
  const sign = better === 'higher' ? 1 : -1;
  return [...slices].sort((a, b) => sign * ((of(a)?.value ?? 0) - (of(b)?.value ?? 0)));
}

function scaleOf(measures: readonly Measure[]): [number, number] {
  if (measures[0]?.name.endsWith('accuracy')) return [0, 1];
  const ends = measures.flatMap(({ value, interval }) => [value, ...interval]).filter(Number.isFinite);
  return [Math.min(0, ...ends), Math.max(0, ...ends)];
}
