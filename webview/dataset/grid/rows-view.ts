/** The rows that are drawn: those in view and a few more, kept while they stay there. */

import { element } from '../elements.ts';
import { count } from '../text.ts';
import type { CellStore } from './cell-store.ts';
import { cellView } from './cell-view.ts';
import type { ColumnLayout, ColumnWindow, ShownColumn } from './column-layout.ts';
import type { Cursor } from './cursor.ts';
import type { GridSource } from './grid-source.ts';

export const ROW_HEIGHT = 40;
export const NUMBER_WIDTH = 76;
/** Rows lie relative to the first of so many: far down, absolute places would exceed what layout can tell apart. */
const STRETCH_ROWS = 10_000;

/** Rows built in one frame: laying out their text takes the browser far longer than building them takes us. */
const FRAME_ROWS = 8;

interface DrawnRow {
  readonly element: HTMLElement;
  /** Whether every cell of it had been read when it was drawn. */
  readonly complete: boolean;
}

export class RowsView {
  readonly element = element('div', { class: 'grid-rows', role: 'rowgroup' });
  readonly #drawn = new Map<number, DrawnRow>();
  #current: readonly Element[] = [];
  #stretch = 0;

  clear(): void {
    this.#drawn.clear();
    this.element.replaceChildren();
  }

  /**
   * @param rows.offset where in the scrolled element the first row of the dataset would lie, in pixels
   * @returns whether rows were left for the next frame: after a far jump all of them are new
   */
  draw(
    source: GridSource,
    cells: CellStore,
    columns: { readonly layout: ColumnLayout; readonly window: ColumnWindow },
    rows: { readonly start: number; readonly end: number; readonly offset: number },
  ): boolean {
    const stretch = rows.start - (rows.start % STRETCH_ROWS);
    if (stretch !== this.#stretch) this.clear();
    this.#stretch = stretch;
    this.element.style.transform = `translateY(${rows.offset + stretch * ROW_HEIGHT}px)`;
    for (const [position, row] of this.#drawn) {
      if (position >= rows.start && position < rows.end) continue;
      row.element.remove();
      this.#drawn.delete(position);
    }
    let built = 0;
    let left = false;
    for (let position = rows.start; position < rows.end; position++) {
      const known = this.#drawn.get(position);
      if (known?.complete) continue;
      const late = built >= FRAME_ROWS;
      left ||= late;
      if (known && late) continue;
      const row = drawnRow(source, late ? NO_CELLS : cells, columns, position);
      if (row.complete) built++;
      row.element.style.top = `${(position - stretch) * ROW_HEIGHT}px`;
      if (known) known.element.replaceWith(row.element);
      else this.element.append(row.element);
      this.#drawn.set(position, row);
    }
    return left;
  }

  /** Marks the current row and cell. @returns the cell, where it is drawn */
  mark({ position, column }: Cursor): Element | undefined {
    for (const marked of this.#current) marked.removeAttribute('aria-selected');
    const row = this.#drawn.get(position)?.element;
    const cell = row?.querySelector(`#${cellId(position, column)}`) ?? undefined;
    this.#current = [row, cell].filter((marked) => marked !== undefined);
    for (const marked of this.#current) marked.setAttribute('aria-selected', 'true');
    return cell;
  }
}

const NO_CELLS: Pick<CellStore, 'cell'> = { cell: () => undefined };

function drawnRow(
  source: GridSource,
  cells: Pick<CellStore, 'cell'>,
  { layout, window }: { readonly layout: ColumnLayout; readonly window: ColumnWindow },
  position: number,
): DrawnRow {
  const columns = [...layout.pinned, ...window.columns];
  const found = columns.map((column) => cells.cell(position, column.index));
  const number = source.rowAt(position);
  const made = element(
    'div',
    { role: 'row', class: 'grid-row', 'aria-rowindex': position + 2, 'data-position': position, 'data-row': number },
    element('div', { role: 'rowheader', class: 'number', 'aria-colindex': 1 }, count(number)),
  );
  if (found.includes(undefined)) {
    // One bar for the whole row: while a person scrolls on, nothing is built that will not be looked at.
    made.append(element('div', { class: 'bar' }));
    return { element: made, complete: false };
  }
  const views = columns.map((column, at) => {
    const view = cellView(found[at] ?? null, column);
    view.id = cellId(position, column.index);
    return view;
  });
  const pins = layout.pinned.length;
  made.append(...pinned(views.slice(0, pins), layout.pinned), spacer(window.before), ...views.slice(pins));
  return { element: made, complete: true };
}

const cellId = (position: number, column: number): string => `cell-${position}-${column}`;

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
