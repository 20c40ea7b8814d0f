/** The views of a dataset as tabs, and the one thing to do with it. */

import { button, element } from './elements.ts';
import { VIEWS, type View } from './place.ts';

const TITLES: Readonly<Record<View, string>> = {
  data: 'Data',
  statistics: 'Statistics',
  checks: 'Checks',
  sql: 'SQL',
  dataset: 'Dataset',
};

export interface TabEvents {
  readonly onSelect: (view: View) => void;
  readonly onPrepare: () => void;
}

export class ViewTabs {
  readonly element: HTMLElement;
  readonly #tabs: ReadonlyMap<View, HTMLButtonElement>;
  readonly #badge = element('span', { class: 'badge', hidden: true });

  constructor(events: TabEvents) {
    this.#tabs = new Map(
      VIEWS.map((view) => {
        const attributes = { role: 'tab', id: `tab-${view}`, 'aria-controls': `view-${view}`, class: 'tab' };
        const tab = element('button', { type: 'button', ...attributes }, TITLES[view]);
        if (view === 'checks') tab.append(this.#badge);
        tab.addEventListener('click', () => events.onSelect(view));
        tab.addEventListener('keydown', (event) => this.#onKey(event, view, events));
        return [view, tab];
      }),
    );
    this.element = element(
      'div',
      { class: 'tabs', hidden: true },
      element(
        'div',
        { role: 'tablist', 'aria-label': 'Views of the dataset', class: 'tab-list' },
        ...this.#tabs.values(),
      ),
      element('span', { class: 'spring' }),
      button('Prepare Training Data…', events.onPrepare, { class: 'primary' }),
    );
  }

  show(current: View): void {
    this.element.hidden = false;
    for (const [view, tab] of this.#tabs) {
      tab.setAttribute('aria-selected', String(view === current));
      tab.tabIndex = view === current ? 0 : -1;
    }
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** How many findings the checks have; undefined before they ran. */
  showFindings(count: number | undefined): void {
    this.#badge.hidden = count === undefined;
    this.#badge.textContent = count === undefined ? '' : String(count);
    this.#badge.title = count === undefined ? '' : `${count} findings`;
  }

  /** Arrows move between tabs, as the ARIA pattern for tabs has it. */
  #onKey(event: KeyboardEvent, view: View, events: TabEvents): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length] ?? view;
    events.onSelect(next);
    this.#tabs.get(next)?.focus();
  }
}
