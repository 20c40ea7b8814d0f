/** The table of one page of rows: a grid of rows, moved through by keys, one of them current. */

import type { Column } from '../../src/core/datasets/dataset.ts';
import type { RowsPage, TableCell } from '../../src/protocol/dataset-viewer.ts';
import { element } from './elements.ts';
import { columnLabel, count, counted, isNarrow } from './text.ts';

export interface TableEvents {
  /** A row was clicked: make it current and show it. */
  readonly onPick: (row: number) => void;
  readonly onScroll: () => void;
}

/** What a table looks like before its rows are there. */
const LOADING_ROWS = 24;

export class Table {
  readonly element: HTMLElement;
  readonly #events: TableEvents;
  readonly #rows = new Map<number, HTMLTableRowElement>();
  #current: HTMLTableRowElement | undefined;

  constructor(events: TableEvents) {
    this.#events = events;
    this.element = element('div', { class: 'table' });
    this.element.addEventListener('scroll', () => events.onScroll(), { passive: true });
  }

  /** @param columns those shown, the first of which is column `firstColumn` of the dataset */
  show(page: RowsPage, columns: readonly Column[], total: { rows: number; columns: number }, name: string): void {
    this.#rows.clear();
    this.#current = undefined;
    const narrow = columns.map((column) => isNarrow(column.type));
    const body = element('tbody');
    page.rows.forEach((cells, index) => {
      const row = page.start + index;
      const line = this.#line(row, cells, narrow);
      this.#rows.set(row, line);
      body.append(line);
    });
    this.#replace(
      element(
        'table',
        { role: 'grid', 'aria-label': name, 'aria-rowcount': total.rows + 1, 'aria-colcount': total.columns + 1 },
        header(columns, page.firstColumn),
        body,
      ),
    );
  }

  showLoading(columns: readonly Column[], firstColumn: number): void {
    this.#rows.clear();
    this.#current = undefined;
    const bars = Array.from({ length: LOADING_ROWS }, () =>
      element(
        'tr',
        {},
        element('td', { class: 'number' }),
        ...columns.map(({ type }) =>
          element('td', { class: isNarrow(type) ? 'narrow' : undefined }, element('div', { class: 'bar' })),
        ),
      ),
    );
    const body = element('tbody', { 'aria-hidden': 'true' }, ...bars);
    this.#replace(element('table', { class: 'loading', 'aria-busy': 'true' }, header(columns, firstColumn), body));
  }

  /** "No rows", with the schema still there. */
  showEmpty(columns: readonly Column[], name: string): void {
    this.#rows.clear();
    this.#current = undefined;
    this.#replace(
      element('table', { role: 'grid', 'aria-label': name, 'aria-rowcount': 1 }, header(columns, 0)),
      element('p', { class: 'empty', role: 'status' }, 'No rows'),
    );
  }

  clear(): void {
    this.#rows.clear();
    this.element.replaceChildren();
  }

  /** Marks the current row; with `focus` the keyboard goes there too. */
  setCurrent(row: number, focus: boolean): void {
    const line = this.#rows.get(row);
    if (!line) return;
    if (this.#current && this.#current !== line) {
      this.#current.tabIndex = -1;
      this.#current.setAttribute('aria-selected', 'false');
    }
    this.#current = line;
    line.tabIndex = 0;
    line.setAttribute('aria-selected', 'true');
    if (focus) line.focus({ preventScroll: true });
    this.#reveal(line);
  }

  hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  /** The browser would count a row under the sticky header as visible. */
  #reveal(line: HTMLTableRowElement): void {
    const head = this.element.querySelector('thead')?.clientHeight ?? 0;
    const top = line.offsetTop - head;
    const bottom = line.offsetTop + line.offsetHeight - this.element.clientHeight;
    if (this.element.scrollTop > top) this.element.scrollTop = top;
    else if (this.element.scrollTop < bottom) this.element.scrollTop = bottom;
  }

  #replace(...children: Node[]): void {
    this.element.replaceChildren(...children);
  }

  #line(row: number, cells: readonly TableCell[], narrow: readonly boolean[]): HTMLTableRowElement {
    const line = element(
      'tr',
      { 'aria-rowindex': row + 2, 'aria-selected': 'false', tabindex: -1 },
      element('th', { scope: 'row', class: 'number' }, count(row)),
      ...cells.map((cell, index) => tableCell(cell, narrow[index] === true)),
    );
    line.addEventListener('click', () => {
      // Text being selected in the table is not a pick.
      if (document.getSelection()?.isCollapsed !== false) this.#events.onPick(row);
    });
    return line;
  }
}

function header(columns: readonly Column[], firstColumn: number): HTMLTableSectionElement {
  const cells = columns.map(({ name, type }, index) =>
    element(
      'th',
      {
        scope: 'col',
        class: isNarrow(type) ? 'narrow' : undefined,
        'aria-colindex': firstColumn + index + 2,
        title: `${columnLabel(name)}: ${type}`,
      },
      element(
        'div',
        {},
        element('bdi', { class: name === '' ? 'name absent' : 'name' }, columnLabel(name)),
        element('bdi', { class: 'type' }, type),
      ),
    ),
  );
  const corner = element('th', { scope: 'col', class: 'number', 'aria-colindex': 1 }, 'row');
  return element('thead', {}, element('tr', { 'aria-rowindex': 1 }, corner, ...cells));
}

function tableCell(cell: TableCell, narrow: boolean): HTMLTableCellElement {
  const className = narrow ? 'narrow' : undefined;
  if (cell === null) return element('td', { class: className }, element('div', { class: 'absent' }, 'null'));
  if (cell.chars === 0 && cell.turns === undefined) {
    return element('td', { class: className }, element('div', { class: 'absent' }, 'empty'));
  }
  // `dir=auto` on a block: text of any direction stays inside its own cell.
  const text = element('div', { dir: 'auto' });
  if (cell.turns !== undefined) text.append(element('span', { class: 'turns' }, counted(cell.turns, 'turn')), ' ');
  text.append(element('bdi', {}, cell.text));
  return element('td', { class: className }, text);
}
