/** How far the checks are: a bar and one line, shown once the work takes long enough to be noticed. */

import type { CheckProgress } from '../../src/protocol/dataset-checks.ts';
import { describeProgress } from './check-texts.ts';
import { button, element } from './elements.ts';
import { PATIENCE_MS } from './progress.ts';

export class CheckProgressBar {
  readonly element: HTMLElement;
  readonly #fill = element('div', { class: 'fill' });
  readonly #bar = element('div', { class: 'check-bar', role: 'progressbar', 'aria-label': 'Checks' }, this.#fill);
  readonly #text = element('span', { class: 'dim' });
  readonly #cancel: HTMLButtonElement;
  #phase = { name: '', since: 0 };
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(onCancel: () => void) {
    this.#cancel = button('Cancel', onCancel);
    this.element = element(
      'div',
      { class: 'check-progress', hidden: true },
      this.#bar,
      element('div', { class: 'check-progress-line' }, this.#text, element('span', { class: 'spring' }), this.#cancel),
    );
  }

  start(): void {
    this.stop();
    this.#phase = { name: '', since: 0 };
    this.#text.textContent = 'Starting…';
    this.#bar.removeAttribute('aria-valuenow');
    this.#bar.classList.add('unknown');
    this.#waiting = setTimeout(() => {
      this.element.hidden = false;
    }, PATIENCE_MS);
  }

  show(progress: CheckProgress): void {
    const now = performance.now();
    if (progress.phase !== this.#phase.name) this.#phase = { name: progress.phase, since: now };
    const percent = progress.totalRows === 0 ? 0 : Math.floor((progress.rows / progress.totalRows) * 100);
    this.#fill.style.width = `${percent}%`;
    this.#bar.classList.remove('unknown');
    this.#bar.setAttribute('aria-valuenow', String(percent));
    const text = describeProgress(progress, now - this.#phase.since);
    this.#bar.setAttribute('aria-valuetext', text);
    this.#text.textContent = text;
  }

  stop(): void {
    clearTimeout(this.#waiting);
    this.element.hidden = true;
  }
}
