/** The two bars above the table: what the file is, and where in it one is. */

import type { DatasetAdvice, DatasetSummary, FileFacts } from '../../src/protocol/dataset-viewer.ts';
import { button, element, icon } from './elements.ts';
import { bytes, count, counted, wholeNumber } from './text.ts';

const KINDS: Readonly<Record<DatasetSummary['kind'], string>> = {
  parquet: 'Parquet',
  jsonl: 'JSON Lines',
  json: 'JSON',
  csv: 'CSV',
};

/** Name, size, rows, kind; and what the rows were recognised as. */
export class FileBar {
  readonly #name = element('h1');
  readonly #facts = element('span', { class: 'facts' });
  readonly #shape = element('span', { class: 'shape' });
  readonly #fits = element('span', { class: 'fits' });
  readonly element = element(
    'header',
    { class: 'file' },
    this.#name,
    this.#facts,
    element('span', { class: 'spring' }),
    this.#shape,
    this.#fits,
  );

  /** What is there before the file is read; the shape of what was read before no longer counts. */
  showFile({ name, bytes: size }: FileFacts): void {
    this.#name.replaceChildren(element('bdi', {}, name));
    this.#name.title = name;
    this.#facts.textContent = size === null ? '' : bytes(size);
    this.#shape.textContent = '';
    this.#fits.textContent = '';
    this.#fits.className = 'fits';
  }

  showSummary({ bytes: size, files, rowCount, columns, kind }: DatasetSummary): void {
    const facts = [bytes(size), counted(rowCount, 'row'), counted(columns.length, 'column'), KINDS[kind]];
    if (files > 1) facts.splice(1, 0, counted(files, 'file'));
    this.#facts.textContent = facts.join(' · ');
  }

  showAdvice({ shape, fits, reasons }: DatasetAdvice): void {
    this.#shape.textContent = shape ?? '';
    this.#fits.textContent = fits.length === 0 ? 'fits no training method' : `fits: ${fits.join(', ')}`;
    this.#fits.className = fits.length === 0 ? 'fits' : 'fits some';
    this.#fits.title = reasons.join('\n');
  }
}

export interface ToolBarEvents {
  /** To the page of rows so many further on. */
  readonly onPage: (pages: number) => void;
  readonly onColumns: (pages: number) => void;
  readonly onGoToRow: (row: number) => void;
}

export interface Window {
  readonly firstRow: number;
  readonly rows: number;
  readonly allRows: number;
  readonly firstColumn: number;
  readonly columns: number;
  readonly allColumns: number;
}

/** Pages of rows, pages of columns where there are very many, and "Go to row". */
export class ToolBar {
  readonly element: HTMLElement;
  readonly #rows: Pager;
  readonly #columns: Pager;
  readonly #input = element('input', {
    id: 'go-to-row',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Go to row',
    'aria-label': 'Go to row',
  });
  readonly #goTo = element('div', { class: 'go-to' }, this.#input);
  #allRows = 0;

  constructor(events: ToolBarEvents) {
    this.#rows = new Pager('page', events.onPage);
    this.#columns = new Pager('columns', events.onColumns);
    this.element = element(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': 'Rows', hidden: true },
      this.#rows.element,
      this.#columns.element,
      element('span', { class: 'spring' }),
      this.#goTo,
    );
    this.#input.addEventListener('input', () => this.#setInvalid(undefined));
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const row = wholeNumber(this.#input.value);
      if (row !== undefined && row < this.#allRows) {
        this.#setInvalid(undefined);
        events.onGoToRow(row);
      } else {
        this.#setInvalid(`Rows are numbered 0 to ${count(this.#allRows - 1)}`);
      }
    });
  }

  show(window: Window): void {
    this.element.hidden = window.allRows === 0;
    this.#allRows = window.allRows;
    this.#rows.show('Rows', window.firstRow, window.rows, window.allRows, 0);
    this.#columns.show('Columns', window.firstColumn, window.columns, window.allColumns, 1);
    this.#columns.element.hidden = window.columns >= window.allColumns;
  }

  hide(): void {
    this.element.hidden = true;
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

class Pager {
  readonly element: HTMLElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #range = element('span', { class: 'range', 'aria-live': 'polite' });

  constructor(what: string, onTurn: (pages: number) => void) {
    this.#previous = button(`Previous ${what}`, () => onTurn(-1), { class: 'quiet' }, icon('previous'));
    this.#next = button(`Next ${what}`, () => onTurn(1), { class: 'quiet' }, icon('next'));
    this.element = element('div', { class: 'pager' }, this.#previous, this.#next, this.#range);
  }

  /** @param base what the first is numbered: rows count from 0, as in messages and on the command line */
  show(title: string, first: number, shown: number, all: number, base: number): void {
    this.#previous.disabled = first === 0;
    this.#next.disabled = first + shown >= all;
    this.#range.textContent = `${title} ${count(first + base)}–${count(first + shown - 1 + base)} of ${count(all)}`;
  }
}
