/** A row of certain columns is a copy of one that was put together once, with the texts written into it. */

import type { TableCell } from '../../../src/protocol/dataset-viewer.ts';
import { element } from '../elements.ts';
import { count } from '../text.ts';
import type { CellStore } from './cell-store.ts';
import { cellTemplate, fillCell } from './cell-view.ts';
import type { ColumnLayout, ColumnWindow, ShownColumn } from './column-layout.ts';

export const NUMBER_WIDTH = 76;

export class RowTemplate {
  readonly #columns: readonly ShownColumn[];
  readonly #waiting: HTMLElement;
  readonly #unread: HTMLElement;
  readonly #read: HTMLElement;
  /** Where among a row's children its cells are: pinned ones, a spacer, the others. */
  readonly #places: readonly number[];

  constructor({ pinned: pins }: ColumnLayout, { columns, before }: ColumnWindow) {
    this.#columns = [...pins, ...columns];
    const number = element('div', { role: 'rowheader', class: 'number', 'aria-colindex': 1 });
    this.#waiting = element('div', { role: 'row', class: 'grid-row' }, number);
    this.#read = this.#waiting.cloneNode(true) as HTMLElement;
    // One bar for the whole row: while a person scrolls on, nothing is built that will not be looked at.
    this.#waiting.append(element('div', { class: 'bar' }));
    this.#unread = this.#read.cloneNode(true) as HTMLElement;
    this.#unread.append(element('div', { role: 'gridcell', class: 'cell absent' }, 'not read'));
    const cells = this.#columns.map(cellTemplate);
    this.#read.append(...pinned(cells.slice(0, pins.length), pins), spacer(before), ...cells.slice(pins.length));
    const children = [...this.#read.children];
    this.#places = cells.map((cell) => children.indexOf(cell));
  }

  /** The cells of a row, once all of them have been read. */
  cellsOf(position: number, cells: CellStore): readonly TableCell[] | undefined {
    const found: TableCell[] = [];
    for (const { index } of this.#columns) {
      const cell = cells.cell(position, index);
      if (cell === undefined) return undefined;
      found.push(cell);
    }
    return found;
  }

  /** Whether a cell of the row could not be read: what the notice above the grid is about. */
  failed(position: number, cells: CellStore): boolean {
    return this.#columns.some(({ index }) => cells.failed(position, index));
  }

  /** @param number the row's in the dataset */
  row(number: number, position: number, cells: readonly TableCell[] | 'waiting' | 'failed'): HTMLElement {
    const template = cells === 'waiting' ? this.#waiting : cells === 'failed' ? this.#unread : this.#read;
    const row = template.cloneNode(true) as HTMLElement;
    row.setAttribute('aria-rowindex', String(position + 2));
    row.dataset.position = String(position);
    row.dataset.row = String(number);
    row.children[0]!.textContent = count(number);
    if (typeof cells === 'object') {
      cells.forEach((cell, at) => {
        fillCell(row.children[this.#places[at]!]!, cell, this.#columns[at]!);
      });
    }
    return row;
  }
}

/** The room of the columns that are not drawn. */
export function spacer(width: number): HTMLElement {
  const space = element('div', { role: 'presentation', class: 'space' });
  space.style.width = `${width}px`;
  return space;
}

/** Pinned cells stay to the right of the row's number, one beside the other. */
export function pinned(cells: readonly HTMLElement[], columns: readonly ShownColumn[]): readonly HTMLElement[] {
  let left = NUMBER_WIDTH;
  cells.forEach((cell, index) => {
    cell.classList.add('pinned');
    cell.style.left = `${left}px`;
    left += columns[index]?.width ?? 0;
  });
  return cells;
}
