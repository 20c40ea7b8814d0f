/** The views of a run as tabs. */

import { element } from '../dataset/elements.ts';
import { TABS, type Tab } from './view-state.ts';

const TITLES: Readonly<Record<Tab, string>> = {
  charts: 'Charts',
  samples: 'Samples',
  validation: 'Validation',
  parameters: 'Parameters',
  log: 'Log',
};

export class RunTabs {
  readonly element: HTMLElement;
  readonly #tabs: ReadonlyMap<Tab, HTMLButtonElement>;
  readonly #badges = new Map(TABS.map((tab) => [tab, element('span', { class: 'badge', hidden: true })]));

  /** @param beside what stands at the right of them */
  constructor(onSelect: (tab: Tab) => void, beside: HTMLElement) {
    this.#tabs = new Map(
      TABS.map((tab) => {
        const made = element(
          'button',
          { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': `view-${tab}`, class: 'tab' },
          TITLES[tab],
          this.#badges.get(tab),
        );
        made.addEventListener('click', () => onSelect(tab));
        made.addEventListener('keydown', (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]!;
          onSelect(next);
          this.#tabs.get(next)?.focus();
        });
        return [tab, made];
      }),
    );
    this.element = element(
      'div',
      { class: 'tabs' },
      element('div', { role: 'tablist', 'aria-label': 'Views of the run', class: 'tab-list' }, ...this.#tabs.values()),
      element('span', { class: 'spring' }),
      beside,
    );
  }

  show(current: Tab, counts: Readonly<Partial<Record<Tab, number>>>): void {
    for (const [tab, made] of this.#tabs) {
      made.setAttribute('aria-selected', String(tab === current));
      made.tabIndex = tab === current ? 0 : -1;
      const badge = this.#badges.get(tab)!;
      const count = counts[tab] ?? 0;
      badge.hidden = count === 0;
      badge.textContent = String(count);
    }
  }
}
