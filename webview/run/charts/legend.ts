/** Which run is which line; runs are hidden, taken out and added here. */

import type { RunSummary } from '../../../src/protocol/run-panel.ts';
import { button, element, icon } from '../../dataset/elements.ts';
import type { RunStyle } from './run-style.ts';
import { swatch } from './swatch.ts';

export interface LegendEvents {
  readonly onToggle: (folder: string) => void;
  readonly onRemove: (folder: string) => void;
  readonly onAdd: () => void;
}

export interface LegendRun {
  readonly folder: string;
  readonly summary: RunSummary | undefined;
  readonly style: RunStyle;
  readonly hidden: boolean;
}

export function showLegend(
  into: HTMLElement,
  runs: readonly LegendRun[],
  hasValidation: boolean,
  events: LegendEvents,
): void {
  const entries = runs.map(({ folder, summary, style, hidden }, place) => {
    const name = summary?.name ?? 'reading';
    const toggle = element(
      'button',
      { type: 'button', class: `legend-run${hidden ? ' off' : ''}`, 'aria-pressed': String(!hidden) },
      swatch(style),
      element('span', { class: 'legend-name' }, name),
      element('span', { class: 'dim' }, place === 0 ? 'this run' : (summary?.status ?? '')),
    );
    toggle.title = hidden ? `Show ${name}` : `Hide ${name}`;
    toggle.addEventListener('click', () => events.onToggle(folder));
    const remove =
      place === 0
        ? undefined
        : button(`Stop comparing to ${name}`, () => events.onRemove(folder), { class: 'quiet' }, icon('close'));
    return element('span', { class: 'legend-entry' }, toggle, remove);
  });
  const add = element('button', { type: 'button', class: 'link' }, 'Compare with…');
  add.addEventListener('click', events.onAdd);
  const keys = element(
    'span',
    { class: 'legend-keys dim' },
    ...(hasValidation ? ['◇ ◻ validation, as measured'] : []),
    element('span', { class: 'baseline-key' }, '··· baseline'),
  );
  into.replaceChildren(...entries, add, element('span', { class: 'spring' }), keys);
}
