/**
 * The grid: rows and columns drawn only where they are seen, one cell of them current. It has the focus itself and names
 * the current cell to assistive technology, so that rows may come and go without the focus being lost.
 */

import type { Problem } from '../../../src/protocol/dataset-viewer.ts';
import { element } from '../elements.ts';
import { CellStore } from './cell-store.ts';
import {
  type ColumnChanges,
  ColumnLayout,
  type ColumnWindow,
  moved,
  NO_CHANGES,
  resized,
  type ShownColumn,
} from './column-layout.ts';
import { type Cursor, movedBy } from './cursor.ts';
import type { GridSource } from './grid-source.ts';
import { HeaderCells, type HeaderState } from './header.ts';
import { RowScale } from './row-scale.ts';
import { NUMBER_WIDTH, pinned, spacer } from './row-template.ts';
import { ROW_HEIGHT, RowsView } from './rows-view.ts';

/** Rows drawn above and below what is seen, so that a short scroll finds them there. */
const SPARE_ROWS = 3;

export interface GridEvents {
  readonly onCursor: (cursor: Cursor) => void;
  /** The current row is to be read in full. */
  readonly onOpen: () => void;
  readonly onColumns: (changes: ColumnChanges) => void;
  readonly onSort: (column: number) => void;
  readonly onScroll: (top: number) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly onWaiting: (blocks: number) => void;
}

export class Grid {
  readonly element: HTMLElement;
  readonly #events: GridEvents;
  readonly #head = element('div', { class: 'grid-head', role: 'row', 'aria-rowindex': 1 });
  readonly #rows = new RowsView();
  readonly #space = element('div', { class: 'grid-space' }, this.#rows.element);
  readonly #scale = new RowScale(ROW_HEIGHT);
  readonly #headerCells: HeaderCells;
  #source: GridSource | undefined;
  #cells: CellStore | undefined;
  #changes = NO_CHANGES;
  #layout = new ColumnLayout([], NO_CHANGES);
  #window: ColumnWindow = { columns: [], before: 0, after: 0 };
  #header: HeaderState = {};
  #cursor: Cursor = { position: 0, column: 0 };
  #frame: number | undefined;
  /** As last told by the browser: asked while drawing, it would have to lay out first what was just changed. */
  #clientWidth = 0;
  #scrollLeft = 0;

  constructor(label: string, events: GridEvents) {
    this.#events = events;
    this.#headerCells = new HeaderCells({
      onResize: (index, width) => this.#changeColumns(resized(this.#changes, index, width)),
      onMove: (index, before) =>
        this.#changeColumns(moved(this.#changes, this.#source?.columns.length ?? 0, index, before)),
      onSort: (index) => events.onSort(index),
    });
    this.element = element(
      'div',
      { class: 'grid', role: 'grid', tabindex: 0, 'aria-label': label, 'aria-readonly': 'true' },
      this.#head,
      this.#space,
    );
    this.element.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.element.addEventListener('scrollend', () => this.#onRest(), { passive: true });
    this.element.addEventListener('click', (event) => this.#onClick(event));
    this.element.addEventListener('dblclick', () => this.#events.onOpen());
    // VS Code reads what its menu is about when the event reaches it; for every cell in advance would be slow.
    this.element.addEventListener('contextmenu', (event) => tellMenu(event), { capture: true });
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  /** Shows rows of a source from the beginning; `show` with the same source draws again. */
  show(source: GridSource, changes: ColumnChanges, header: HeaderState = {}): void {
    this.#cells?.dispose();
    this.#source = source;
    this.#changes = changes;
    this.#header = header;
    this.#cells = new CellStore(source, {
      onCells: () => this.#drawSoon(),
      onProblem: (problem) => {
        this.#drawSoon();
        this.#events.onProblem(problem);
      },
      onWaiting: (blocks) => this.#events.onWaiting(blocks),
    });
    this.element.setAttribute('aria-rowcount', String(source.rowCount + 1));
    this.element.setAttribute('aria-colcount', String(source.columns.length + 1));
    this.#resize();
  }

  /** Blocks that could not be read are asked for again. */
  retry(): void {
    this.#cells?.retry();
    this.#drawAll();
  }

  setColumns(changes: ColumnChanges): void {
    this.#changes = changes;
    this.#resize();
  }

  setHeader(header: HeaderState): void {
    this.#header = header;
    const { offsetHeight } = this.#head;
    this.#drawHeader();
    // A header that grew leaves less room for rows.
    if (this.#head.offsetHeight !== offsetHeight) this.#resize();
  }

  get cursor(): Cursor {
    return this.#cursor;
  }

  get layout(): ColumnLayout {
    return this.#layout;
  }

  get top(): number {
    return this.#scale.top;
  }

  hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** Goes back to a place that was saved. */
  restoreTop(top: number): void {
    this.element.scrollTop = this.#scale.moveTo(top);
    this.#draw();
  }

  /** Makes a cell current and brings it into view. */
  setCursor(cursor: Cursor): void {
    const rows = this.#source?.rowCount ?? 0;
    const position = Math.max(0, Math.min(cursor.position, rows - 1));
    this.#cursor = { position, column: this.#shownColumn(cursor.column) };
    const top = this.#scale.topToReveal(position);
    if (top !== this.#scale.top) this.element.scrollTop = this.#scale.moveTo(top);
    this.#revealColumn(this.#cursor.column);
    this.#draw();
    this.#markCurrent();
  }

  /** Moves the cursor where a key says so. @returns whether it did */
  moveByKey(event: KeyboardEvent): boolean {
    const extent = {
      rows: this.#source?.rowCount ?? 0,
      pageRows: this.#scale.pageRows,
      columns: this.#layout.shown,
    };
    const to = movedBy(event, this.#cursor, extent);
    if (!to) return false;
    this.setCursor(to);
    this.#events.onCursor(this.#cursor);
    return true;
  }

  #onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element) || document.getSelection()?.isCollapsed === false) return;
    const row = event.target.closest<HTMLElement>('[data-position]');
    if (!row) return;
    const cell = event.target.closest<HTMLElement>('[role=gridcell]');
    const column = cell ? columnOf(cell) : this.#cursor.column;
    this.setCursor({ position: Number(row.dataset.position), column });
    this.#events.onCursor(this.#cursor);
    this.#events.onOpen();
  }

  #onScroll(): void {
    this.#scale.scrolled(this.element.scrollTop);
    this.#scrollLeft = this.element.scrollLeft;
    this.#drawSoon();
  }

  #onRest(): void {
    // Only now: who keeps the place would otherwise keep it for every frame of a scroll.
    this.#events.onScroll(this.#scale.top);
    const place = this.#scale.restingPlace;
    if (Math.abs(place - this.element.scrollTop) < 1) return;
    this.element.scrollTop = this.#scale.moveTo(this.#scale.top);
    this.#draw();
  }

  #resize(): void {
    if (!this.#source) return;
    const { clientWidth, clientHeight } = this.element;
    this.#clientWidth = clientWidth;
    this.#layout = new ColumnLayout(this.#source.columns, this.#changes, clientWidth - NUMBER_WIDTH);
    const top = this.#scale.top;
    this.#drawHeader();
    this.#scale.resize(this.#source.rowCount, Math.max(0, clientHeight - this.#head.offsetHeight));
    this.#space.style.height = `${this.#scale.height}px`;
    const width = NUMBER_WIDTH + this.#layout.pinnedWidth + this.#layout.scrolledWidth;
    for (const part of [this.#head, this.#space]) part.style.width = `max(100%, ${width}px)`;
    this.element.scrollTop = this.#scale.moveTo(top);
    this.#drawAll();
  }

  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #drawAll(): void {
    this.#rows.clear();
    this.#draw();
  }

  #draw(): void {
    const source = this.#source;
    if (!source || !this.#cells) return;
    const window = this.#layout.window(this.#scrollLeft, this.#room);
    if (!sameColumns(window, this.#window)) {
      this.#window = window;
      this.#drawHeader();
      this.#rows.clear();
    }
    const start = Math.max(0, this.#scale.firstRow - SPARE_ROWS);
    const end = Math.min(source.rowCount, this.#scale.endRow + SPARE_ROWS);
    this.#cells.want(
      start,
      end,
      [...this.#layout.pinned, ...window.columns].map(({ index }) => index),
    );
    const columns = { layout: this.#layout, window };
    if (this.#rows.draw(source, this.#cells, columns, { start, end, offset: this.#scale.offset })) this.#drawSoon();
    this.#markCurrent();
  }

  #drawHeader(): void {
    const cell = (column: ShownColumn) => this.#headerCells.cell(column, this.#header);
    this.#head.replaceChildren(
      element('div', { role: 'columnheader', class: 'number', 'aria-colindex': 1 }, 'row'),
      ...pinned(this.#layout.pinned.map(cell), this.#layout.pinned),
      spacer(this.#window.before),
      ...this.#window.columns.map(cell),
    );
  }

  #markCurrent(): void {
    const cell = this.#rows.mark(this.#cursor);
    if (cell) this.element.setAttribute('aria-activedescendant', cell.id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  #changeColumns(changes: ColumnChanges): void {
    this.setColumns(changes);
    this.#events.onColumns(changes);
  }

  #shownColumn(column: number): number {
    const shown = this.#layout.shown;
    return shown.some(({ index }) => index === column) ? column : (shown[0]?.index ?? 0);
  }

  #revealColumn(column: number): void {
    const found = this.#layout.scrolled.find(({ index }) => index === column);
    if (!found) return;
    const room = this.#room;
    const left = this.#layout.leftOf(column);
    const right = left + found.width - room;
    if (left < this.#scrollLeft || found.width > room) this.#scrollTo(left);
    else if (right > this.#scrollLeft) this.#scrollTo(right);
  }

  #scrollTo(left: number): void {
    this.element.scrollLeft = left;
    this.#scrollLeft = this.element.scrollLeft;
  }

  /** Pixels in which scrolled columns are seen. */
  get #room(): number {
    return this.#clientWidth - NUMBER_WIDTH - this.#layout.pinnedWidth;
  }
}

function sameColumns(one: ColumnWindow, other: ColumnWindow): boolean {
  return (
    one.before === other.before &&
    one.columns.length === other.columns.length &&
    one.columns.every(
      (column, at) => column.index === other.columns[at]?.index && column.width === other.columns[at]?.width,
    )
  );
}

function tellMenu({ target }: MouseEvent): void {
  if (!(target instanceof Element)) return;
  const cell = target.closest<HTMLElement>('[role=gridcell]');
  const row = cell?.closest<HTMLElement>('[data-row]')?.dataset.row;
  if (!cell || row === undefined) return;
  cell.dataset.vscodeContext = JSON.stringify({
    webviewSection: 'cell',
    row: Number(row),
    column: columnOf(cell),
    preventDefaultContextMenuItems: true,
  });
}

const columnOf = (cell: Element): number => Number(cell.getAttribute('aria-colindex')) - 2;
