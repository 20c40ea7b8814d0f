/** The bar above the rows: search, filter, and "Go to row". */

import { element } from './elements.ts';
import { count, wholeNumber } from './text.ts';

export class ToolBar {
  readonly element: HTMLElement;
  readonly #input = element('input', {
    id: 'go-to-row',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Go to row',
    'aria-label': 'Go to row',
    title: 'Go to row (Ctrl+G)',
  });
  readonly #goTo = element('div', { class: 'go-to' }, this.#input);
  #rows = 0;

  constructor(tools: readonly HTMLElement[], onGoToRow: (row: number) => void) {
    this.element = element(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': 'Rows', hidden: true },
      ...tools,
      element('span', { class: 'spring' }),
      this.#goTo,
    );
    this.#input.addEventListener('input', () => this.#setInvalid(undefined));
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const row = wholeNumber(this.#input.value);
      if (row !== undefined && row < this.#rows) {
        this.#setInvalid(undefined);
        onGoToRow(row);
      } else {
        this.#setInvalid(`Rows are numbered 0 to ${count(this.#rows - 1)}`);
      }
    });
  }

  /** @param rows of the whole dataset */
  setRows(rows: number): void {
    this.#rows = rows;
  }

  focusGoToRow(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** Why the row was not gone to. */
  refuse(message: string): void {
    this.#setInvalid(message);
  }

  #setInvalid(message: string | undefined): void {
    this.#goTo.querySelector('.hint')?.remove();
    if (message === undefined) {
      this.#input.removeAttribute('aria-invalid');
      return;
    }
    this.#input.setAttribute('aria-invalid', 'true');
    this.#goTo.prepend(element('span', { class: 'hint', role: 'alert' }, message));
  }
}
