/** The rows of the dataset: the grid, and beside it the current row to read. */

import type { Column } from '../../src/core/datasets/dataset.ts';
import type { CopyRequest } from '../../src/protocol/dataset-copy.ts';
import type { DatasetSummary, Problem } from '../../src/protocol/dataset-viewer.ts';
import { button, element } from './elements.ts';
import { type ColumnChanges, restoredChanges } from './grid/column-layout.ts';
import { Grid } from './grid/grid.ts';
import type { GridSource } from './grid/grid-source.ts';
import type { HeaderState } from './grid/header.ts';
import { GridGrades } from './grid-grades.ts';
import type { Host } from './host.ts';
import type { Place } from './place.ts';
import type { GradesHost } from './reading/grades.ts';
import { ReadingPane } from './reading/reading-pane.ts';

/** Columns of one row that are read for the pane at once. */
const FIELD_COLUMNS = 100;

export interface DataTabEvents {
  readonly onPlace: (change: Partial<Place>) => void;
  readonly onProblem: (problem: Problem | undefined) => void;
  readonly onWaiting: (waiting: boolean) => void;
  readonly onSort: (column: number) => void;
  readonly onClearFilters: () => void;
}

export class DataTab {
  readonly element: HTMLElement;
  readonly #host: () => Host;
  readonly #events: DataTabEvents;
  readonly #grid: Grid;
  readonly #pane: ReadingPane;
  readonly #grades: GridGrades;
  readonly #none: HTMLElement;
  readonly #frame: HTMLElement;
  #place: Place;
  #source: GridSource | undefined;
  #columns: readonly Column[] = [];
  #asking = new AbortController();
  #record = 0;

  /** @param beside what lies over the edge of the grid */
  constructor(host: () => Host, place: Place, beside: readonly HTMLElement[], events: DataTabEvents) {
    this.#host = host;
    this.#place = place;
    this.#events = events;
    const grading = (signal: () => AbortSignal): GradesHost => ({
      grades: (request) => this.#host().grades(request, signal()),
      chooseGrader: () => this.#host().chooseGrader(),
      copyText: (text) => this.#host().copyText(text),
    });
    this.#grid = new Grid('Rows', {
      onCursor: ({ position, column }) => this.#onCursor(position, column),
      onOpen: () => this.openPane(),
      onColumns: (columns) => this.#update({ columns }),
      onSort: (column) => events.onSort(column),
      onScroll: (top) => this.#update({ top }),
      onProblem: (problem) => events.onProblem(problem),
      onWaiting: (blocks) => events.onWaiting(blocks > 0),
    });
    this.#pane = new ReadingPane(place.reading, {
      onClose: () => this.closePane(),
      onMove: (rows) => this.#goTo({ ...this.#grid.cursor, position: this.#grid.cursor.position + rows }),
      onRecord: (record) => {
        this.#record = record;
        void this.#showRow();
      },
      onSettings: (reading) => this.#update({ reading }),
      loadTurn: (request) => this.#host().readingText(request, this.#asking.signal),
      loadText: (request) => this.#host().text(request, this.#asking.signal),
      grading: grading(() => this.#asking.signal),
    });
    this.#grades = new GridGrades(
      this.#grid.element,
      grading(() => new AbortController().signal),
    );
    this.#none = element(
      'div',
      { class: 'no-rows', role: 'status', hidden: true },
      element('p', {}, 'No row passes the filter.'),
      button('Clear Filters', () => events.onClearFilters()),
    );
    this.#frame = element(
      'div',
      { class: 'grid-frame' },
      this.#grid.element,
      this.#none,
      ...beside,
      this.#grades.element,
    );
    this.element = element(
      'main',
      { id: 'view-data', role: 'tabpanel', 'aria-labelledby': 'tab-data' },
      this.#frame,
      this.#pane.element,
    );
  }

  /** The rows of a dataset that was opened, or opened again, at the place that is kept. */
  show(summary: DatasetSummary, source: GridSource, header: HeaderState): void {
    this.#columns = summary.columns;
    this.#grid.element.setAttribute('aria-label', summary.name);
    this.#update({ columns: restoredChanges(this.#place.columns, summary.columns.length) });
    this.#tellColumns();
    this.showRows(source, header);
    this.#grid.restoreTop(this.#place.top);
    this.#grid.setCursor({ position: source.positionOf(this.#place.row) ?? 0, column: this.#place.column });
    if (this.#place.detail) this.openPane();
  }

  /**
   * Other rows of the same dataset, or the same in another order. The current row stays current where it is among them;
   * in a new order (`fromTop`) the first one is what a person wants to see.
   */
  showRows(source: GridSource, header: HeaderState, fromTop = false): void {
    const { row, column, columns } = this.#place;
    this.#source = source;
    this.#grades.forget();
    // Only after something else stood here: whoever takes the pane out and puts it back loses its scroll place and marks.
    if (!this.element.contains(this.#frame)) this.element.replaceChildren(this.#frame, this.#pane.element);
    this.#none.hidden = source.rowCount > 0;
    this.#grid.show(source, columns, header);
    const position = fromTop ? undefined : source.positionOf(row);
    if (position === undefined && source.rowCount > 0) this.#goTo({ position: 0, column });
    else this.#grid.setCursor({ position: position ?? 0, column });
  }

  setHeader(header: HeaderState): void {
    this.#grid.setHeader(header);
  }

  #tellColumns(): void {
    const hidden = new Set(this.#place.columns.hidden);
    this.#host().columnsShown(this.#columns.map((column, index) => ({ ...column, shown: !hidden.has(index) })));
  }

  /** Something else than rows: an error, or that there are none. */
  showInstead(content: Node): void {
    this.#pane.close();
    this.element.replaceChildren(content);
  }

  get source(): GridSource | undefined {
    return this.#source;
  }

  get columns(): ColumnChanges {
    return this.#place.columns;
  }

  setColumns(columns: ColumnChanges): void {
    this.#update({ columns });
    this.#tellColumns();
    this.#grid.setColumns(columns);
  }

  retry(): void {
    this.#grid.retry();
  }

  focus(): void {
    this.#grid.focus();
  }

  hasFocus(): boolean {
    return this.#grid.hasFocus();
  }

  /** Makes a row of the dataset current; one that a filter hides is not shown. */
  goToRow(row: number, options: { readonly pane?: boolean; readonly focus?: boolean } = {}): void {
    const position = this.#source?.positionOf(row);
    if (position === undefined) return;
    if (options.pane) this.#update({ detail: true });
    this.#goTo({ position, column: this.#grid.cursor.column });
    if (options.focus) this.#grid.focus();
  }

  goToColumn(column: number): void {
    this.#goTo({ position: this.#grid.cursor.position, column });
    this.#grid.focus();
  }

  openPane(): void {
    this.#update({ detail: true });
    void this.#showRow();
  }

  closePane(): void {
    this.#asking.abort();
    this.#update({ detail: false });
    this.#pane.close();
    this.#grid.focus();
  }

  /** @returns whether the key meant something here */
  onKey(event: KeyboardEvent): boolean {
    const inPane = event.target instanceof Node && this.#pane.element.contains(event.target);
    const here = inPane || this.#grid.hasFocus() || event.target === document.body;
    if (!here) return false;
    if (event.key === 'Escape' && this.#pane.isOpen) {
      this.closePane();
      return true;
    }
    if ((event.key === 'w' || event.key === 'W') && !event.ctrlKey && !event.metaKey && this.#pane.isOpen) {
      this.#pane.toggleDiff();
      return true;
    }
    if (inPane) return false;
    if (event.key === 'Enter' || event.key === ' ') {
      this.openPane();
      return true;
    }
    return this.#grid.moveByKey(event);
  }

  /** What "copy" means now: a text that is selected, else the current cell. */
  copyRequest(
    what: CopyRequest['what'],
    format: CopyRequest['format'],
    place?: { readonly row?: number; readonly column?: number },
  ): CopyRequest {
    const { position, column } = this.#grid.cursor;
    const row = this.#source?.rowAt(position) ?? 0;
    return { what, format, row, column, ...place, columns: this.#grid.layout.shown.map(({ index }) => index) };
  }

  #goTo(cursor: { readonly position: number; readonly column: number }): void {
    this.#grid.setCursor(cursor);
    const { position, column } = this.#grid.cursor;
    this.#onCursor(position, column);
  }

  #onCursor(position: number, column: number): void {
    const row = this.#source?.rowAt(position) ?? 0;
    if (row !== this.#place.row) this.#record = 0;
    this.#update({ row, column });
    if (this.#place.detail) void this.#showRow();
  }

  gradesChanged(): void {
    this.#grades.forget();
    this.#pane.gradesChanged();
  }

  async #showRow(): Promise<void> {
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const { row, column } = this.#place;
    this.#pane.open(row);
    const firstColumn = column - (column % FIELD_COLUMNS);
    const [reading, record] = await Promise.all([
      this.#host().reading({ row, record: this.#record }, asking.signal),
      this.#host().record({ row, firstColumn, columns: FIELD_COLUMNS }, asking.signal),
    ]);
    if (asking.signal.aborted) return;
    if (record.ok) this.#pane.show(reading.ok ? (reading.value ?? undefined) : undefined, record.value, this.#columns);
    else if (!record.fault.cancelled) this.#pane.showProblem(record.fault);
  }

  #update(change: Partial<Place>): void {
    this.#place = { ...this.#place, ...change };
    this.#events.onPlace(change);
  }
}
