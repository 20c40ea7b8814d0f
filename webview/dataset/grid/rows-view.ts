/** The rows that are drawn: those in view and a few more, kept while they stay there. */

import { element } from '../elements.ts';
import type { CellStore } from './cell-store.ts';
import type { ColumnLayout, ColumnWindow } from './column-layout.ts';
import type { Cursor } from './cursor.ts';
import type { GridSource } from './grid-source.ts';
import { RowTemplate } from './row-template.ts';

export const ROW_HEIGHT = 40;
/** Rows lie relative to the first of so many: far down, absolute places would exceed what layout can tell apart. */
const STRETCH_ROWS = 10_000;

/** Rows built in one frame: laying out their text takes the browser far longer than building them takes us. */
const FRAME_ROWS = 8;

interface DrawnRow {
  readonly element: HTMLElement;
  /** Of its cells when it was drawn: `complete` means that each had been read. */
  readonly state: 'complete' | 'waiting' | 'failed';
}

export class RowsView {
  readonly element = element('div', { class: 'grid-rows', role: 'rowgroup' });
  readonly #drawn = new Map<number, DrawnRow>();
  #template: RowTemplate | undefined;
  #current: readonly Element[] = [];
  #stretch = 0;

  /** Before rows are drawn with other columns or from another source. */
  clear(): void {
    this.#drawn.clear();
    this.#template = undefined;
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
    this.#template ??= new RowTemplate(columns.layout, columns.window);
    let built = 0;
    let left = false;
    let before: HTMLElement | undefined;
    for (let position = rows.start; position < rows.end; position++) {
      const known = this.#drawn.get(position);
      const found = known?.state === 'complete' ? undefined : this.#template.cellsOf(position, cells);
      const late = found !== undefined && built >= FRAME_ROWS;
      left ||= late;
      const content = found && !late ? found : this.#template.failed(position, cells) ? 'failed' : 'waiting';
      if (known && (known.state === 'complete' || content === known.state)) {
        before = known.element;
        continue;
      }
      const state = typeof content === 'object' ? 'complete' : content;
      if (state === 'complete') built++;
      const row = this.#template.row(source.rowAt(position), position, content);
      row.style.top = `${(position - stretch) * ROW_HEIGHT}px`;
      if (known) known.element.replaceWith(row);
      // In the document's order, in which assistive technology reads on.
      else if (before) before.after(row);
      else this.element.prepend(row);
      this.#drawn.set(position, { element: row, state });
      before = row;
    }
    return left;
  }

  /** Marks the current row and cell. @returns the cell, where it is drawn; it alone has a name in the page */
  mark({ position, column }: Cursor): Element | undefined {
    const row = this.#drawn.get(position)?.element;
    const cell = row?.querySelector(`[role=gridcell][aria-colindex="${column + 2}"]`) ?? undefined;
    const current = [row, cell].filter((marked) => marked !== undefined);
    if (current.length === this.#current.length && current.every((marked, at) => marked === this.#current[at]))
      return cell;
    for (const marked of this.#current) marked.removeAttribute('aria-selected');
    for (const marked of current) marked.setAttribute('aria-selected', 'true');
    if (cell) cell.id = `cell-${position}-${column}`;
    this.#current = current;
    return cell;
  }
}
