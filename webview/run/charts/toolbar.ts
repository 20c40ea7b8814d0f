/** How charts are shown: smoothing, axes, zoom, tables, exports. */

import { X_AXES, type XAxis } from '../../../src/protocol/run-panel.ts';
import { button, element } from '../../dataset/elements.ts';
import { MOST_SMOOTHING, type ViewState } from '../view-state.ts';

export interface ToolbarEvents {
  readonly onChange: (change: Partial<ViewState>) => void;
  readonly onReset: () => void;
  readonly onPng: () => void;
  readonly onCsv: () => void;
}

const AXIS_TITLES: Readonly<Record<XAxis, string>> = { step: 'x: Step', epoch: 'x: Epoch', time: 'x: Time' };
const Y_TITLES = { linear: 'y: Linear', log: 'y: Log' } as const;

export class ChartToolbar {
  readonly element: HTMLElement;
  readonly #smoothing: HTMLInputElement;
  readonly #value = element('output', { class: 'smoothing-value' });
  readonly #x: HTMLSelectElement;
  readonly #y: HTMLSelectElement;
  readonly #reset: HTMLButtonElement;
  readonly #tables: HTMLButtonElement;

  constructor(events: ToolbarEvents) {
    this.#smoothing = element('input', {
      type: 'range',
      min: 0,
      max: MOST_SMOOTHING,
      step: 0.01,
      'aria-label': 'Smoothing',
      class: 'smoothing',
    });
    this.#smoothing.title = 'Weight of the moving average; 0 shows the numbers as they were written';
    this.#smoothing.addEventListener('input', () => events.onChange({ smoothing: Number(this.#smoothing.value) }));
    this.#x = select('X axis', AXIS_TITLES, (x) =>
      events.onChange({ x: X_AXES.find((each) => each === x) ?? 'step', range: null }),
    );
    this.#y = select('Y axis', Y_TITLES, (y) => events.onChange({ logarithmic: y === 'log' }));
    this.#reset = button('Reset Zoom', events.onReset);
    this.#tables = button('Table', () =>
      events.onChange({ tables: this.#tables.getAttribute('aria-pressed') !== 'true' }),
    );
    this.#tables.title = 'The numbers as tables';
    const png = button('PNG', events.onPng);
    png.title = 'Export the charts as a picture';
    const csv = button('CSV', events.onCsv);
    csv.title = 'Export all numbers of these runs';
    this.element = element(
      'div',
      { class: 'chart-toolbar', role: 'toolbar', 'aria-label': 'Charts' },
      element('label', { class: 'smoothing-label' }, 'Smoothing', this.#smoothing, this.#value),
      this.#x,
      this.#y,
      this.#reset,
      this.#tables,
      png,
      csv,
    );
  }

  show({ smoothing, x, logarithmic, range, tables }: ViewState): void {
    this.#smoothing.value = String(smoothing);
    this.#value.textContent = smoothing.toFixed(2);
    this.#x.value = x;
    this.#y.value = logarithmic ? 'log' : 'linear';
    this.#reset.disabled = range === null;
    this.#tables.setAttribute('aria-pressed', String(tables));
  }
}

function select(
  label: string,
  options: Readonly<Record<string, string>>,
  onChange: (value: string) => void,
): HTMLSelectElement {
  const made = element(
    'select',
    { 'aria-label': label },
    ...Object.entries(options).map(([value, title]) => element('option', { value }, title)),
  );
  made.addEventListener('change', () => onChange(made.value));
  return made;
}
