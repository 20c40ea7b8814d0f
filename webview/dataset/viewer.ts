/** The page: holds the place, asks for what it shows, and joins bars, table and detail strip. */

import {
  type DatasetSummary,
  type FileState,
  PAGE_COLUMNS,
  PAGE_ROWS,
  type PageFunctions,
  type Problem,
  type RowsPage,
} from '../../src/protocol/dataset-viewer.ts';
import { FileBar, ToolBar } from './bars.ts';
import { Checks } from './checks.ts';
import { Detail } from './detail.ts';
import { element } from './elements.ts';
import type { Host } from './host.ts';
import { moveOf } from './keys.ts';
import { errorState, Notices } from './notices.ts';
import { type Place, pageStart, type Saved, type View } from './place.ts';
import { Progress } from './progress.ts';
import { Table } from './table.ts';
import { ViewTabs } from './tabs.ts';
import { Views } from './views.ts';

export class Viewer implements PageFunctions {
  readonly #host: () => Host;
  readonly #save: (place: Place) => void;
  readonly #fileBar = new FileBar();
  readonly #toolBar: ToolBar;
  readonly #notices: Notices;
  readonly #table: Table;
  readonly #detail: Detail;
  readonly #progress = new Progress();
  readonly #content = element('main', { id: 'view-data', role: 'tabpanel', 'aria-labelledby': 'tab-data' });
  readonly #checks: Checks;
  readonly #views: Views;
  #place: Place;
  /** The scroll position to go back to, once, when the first rows are there. */
  #restoring = true;
  #summary: DatasetSummary | undefined;
  #page: RowsPage | undefined;
  #opening = new AbortController();
  #asking: { start: number; firstColumn: number; abort: AbortController } | undefined;
  #askingRecord = new AbortController();

  /** @param host asked for late: it is connected to this page */
  constructor(host: () => Host, saved: Saved) {
    this.#host = host;
    this.#save = saved.save;
    this.#place = saved.place;
    const reload = () => this.#host().reload();
    this.#notices = new Notices(reload);
    this.#toolBar = new ToolBar({
      onPage: (pages) => this.#goTo(this.#place.row + pages * PAGE_ROWS, true),
      onColumns: (pages) => this.#showColumns(this.#place.firstColumn + pages * PAGE_COLUMNS),
      onGoToRow: (row) => this.#goTo(row, true),
    });
    this.#table = new Table({
      onPick: (row) => {
        this.#update({ detail: true });
        this.#goTo(row, true);
      },
      onScroll: () => this.#keepScroll(),
    });
    this.#detail = new Detail({
      onClose: () => this.#closeDetail(),
      onMove: (rows) => this.#goTo(this.#place.row + rows, false),
      loadText: (request) => this.#host().text(request, this.#askingRecord.signal),
    });
    const tabs = new ViewTabs({
      onSelect: (view) => this.#showView(view),
      onPrepare: () => this.#host().prepare(),
    });
    this.#checks = new Checks(host, {
      onView: (view) => this.#showView(view),
      onRow: (row, focus) => {
        this.#update({ detail: true });
        this.#goTo(row, focus);
      },
      onFindings: (found) => tabs.showFindings(found),
    });
    this.#views = new Views(tabs, this.#toolBar, this.#content, this.#checks);
    this.#content.append(this.#table.element, this.#detail.element);
    document.body.append(
      this.#fileBar.element,
      tabs.element,
      this.#toolBar.element,
      this.#checks.strip.element,
      this.#notices.element,
      this.#progress.element,
      this.#content,
      this.#checks.element,
    );
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  async start(): Promise<void> {
    this.#opening.abort();
    this.#asking?.abort.abort();
    this.#asking = undefined;
    const opening = new AbortController();
    this.#opening = opening;
    this.#notices.showProblem(undefined);
    const asked = this.#progress.during(this.#host().open(opening.signal));
    // The host alone answers this one, so the name stands there while the reader is still starting.
    this.#fileBar.showFile(await this.#host().file());
    const opened = await asked;
    if (opening.signal.aborted) return;
    if (!opened.ok) {
      if (!opened.fault.cancelled) this.#showError(opened.fault);
      return;
    }
    const summary = opened.value;
    this.#summary = summary;
    this.#page = undefined;
    this.#fileBar.showSummary(summary);
    this.#checks.reset();
    this.#content.replaceChildren(this.#table.element, this.#detail.element);
    if (summary.rowCount === 0) {
      this.#showEmpty(summary);
      return;
    }
    const lastColumn = Math.max(0, summary.columns.length - 1);
    this.#update({ firstColumn: pageStart(Math.min(this.#place.firstColumn, lastColumn), PAGE_COLUMNS) });
    this.#showLoading(summary);
    this.#showView(this.#place.view);
    this.#goTo(this.#place.row, document.hasFocus() && document.activeElement === document.body);
    const advice = await this.#host().advise(opening.signal);
    if (!advice.ok || opening.signal.aborted) return;
    this.#fileBar.showAdvice(advice.value);
    this.#checks.setAdvice(advice.value);
  }

  fileState(state: FileState): void {
    this.#notices.showFileState(state);
  }

  readerEnded(problem: Problem): void {
    if (this.#page) this.#notices.showProblem(problem);
    else this.#showError(problem);
  }

  reloaded(): void {
    this.#notices.showFileState('as-opened');
    void this.start();
  }

  /** Makes a row current, on whatever page it lies. */
  #goTo(wanted: number, focus: boolean): void {
    if (!this.#summary || this.#summary.rowCount === 0) return;
    const row = Math.max(0, Math.min(wanted, this.#summary.rowCount - 1));
    this.#update({ row });
    if (this.#place.detail) void this.#showRecord();
    void this.#showPage(focus);
  }

  #showView(view: View): void {
    this.#update({ view });
    this.#views.show(view);
  }

  #showColumns(firstColumn: number): void {
    this.#update({ firstColumn, scrollLeft: 0 });
    this.#table.element.scrollLeft = 0;
    this.#goTo(this.#place.row, false);
  }

  async #showPage(focus: boolean): Promise<void> {
    const { row, firstColumn } = this.#place;
    const start = pageStart(row, PAGE_ROWS);
    const keepFocus = focus || this.#table.hasFocus();
    if (this.#page?.start === start && this.#page.firstColumn === firstColumn) {
      this.#asking?.abort.abort();
      this.#table.setCurrent(row, keepFocus);
      return;
    }
    if (this.#asking?.start === start && this.#asking.firstColumn === firstColumn) return;
    this.#asking?.abort.abort();
    const asking = { start, firstColumn, abort: new AbortController() };
    this.#asking = asking;
    const request = { start, end: start + PAGE_ROWS, firstColumn, columns: PAGE_COLUMNS };
    const rows = await this.#progress.during(this.#host().rows(request, asking.abort.signal));
    if (this.#asking !== asking || asking.abort.signal.aborted) return;
    this.#asking = undefined;
    if (!rows.ok) {
      this.#showPageProblem(rows.fault);
      return;
    }
    this.#notices.showProblem(undefined);
    this.#showRows(rows.value, keepFocus);
  }

  #showRows(page: RowsPage, focus: boolean): void {
    const summary = this.#summary;
    if (!summary) return;
    this.#page = page;
    const total = { rows: summary.rowCount, columns: summary.columns.length };
    this.#table.show(page, this.#columnsFrom(page.firstColumn), total, summary.name);
    this.#showWindow(summary, page.start, page.rows.length, page.firstColumn);
    const { scrollTop, scrollLeft } = this.#place;
    if (this.#restoring) this.#table.element.scrollTo(scrollLeft, scrollTop);
    this.#table.setCurrent(this.#place.row, focus);
    this.#restoring = false;
  }

  /** The bars and grey rows at their final height, so that nothing moves when the rows come. */
  #showLoading(summary: DatasetSummary): void {
    const { row, firstColumn } = this.#place;
    const start = pageStart(Math.min(row, summary.rowCount - 1), PAGE_ROWS);
    this.#showWindow(summary, start, Math.min(PAGE_ROWS, summary.rowCount - start), firstColumn);
    this.#table.showLoading(this.#columnsFrom(firstColumn), firstColumn);
  }

  #showWindow(summary: DatasetSummary, firstRow: number, rows: number, firstColumn: number): void {
    this.#toolBar.show({
      firstRow,
      rows,
      allRows: summary.rowCount,
      firstColumn,
      columns: this.#columnsFrom(firstColumn).length,
      allColumns: summary.columns.length,
    });
    this.#views.show(this.#place.view);
  }

  async #showRecord(): Promise<void> {
    this.#askingRecord.abort();
    const asking = new AbortController();
    this.#askingRecord = asking;
    const { row, firstColumn } = this.#place;
    this.#detail.open(row);
    const request = { row, firstColumn, columns: PAGE_COLUMNS };
    const record = await this.#progress.during(this.#host().record(request, asking.signal));
    if (asking.signal.aborted) return;
    if (record.ok) this.#detail.show(record.value, this.#columnsFrom(firstColumn));
    else if (!record.fault.cancelled) this.#detail.showProblem(record.fault);
  }

  #closeDetail(): void {
    this.#askingRecord.abort();
    this.#update({ detail: false });
    this.#detail.close();
    this.#table.setCurrent(this.#place.row, true);
  }

  #onKey(event: KeyboardEvent): void {
    const { target } = event;
    const inDetail = target instanceof Node && this.#detail.element.contains(target);
    if (event.key === 'Escape' && this.#detail.isOpen && (inDetail || this.#table.hasFocus())) {
      event.preventDefault();
      this.#closeDetail();
      return;
    }
    if (target !== document.body && !this.#table.hasFocus()) return;
    const move = moveOf(event, this.#place.row, this.#summary?.rowCount ?? 0);
    if (move === undefined) return;
    event.preventDefault();
    if (move === 'open') this.#update({ detail: true });
    this.#goTo(move === 'open' ? this.#place.row : move, true);
  }

  #showEmpty(summary: DatasetSummary): void {
    this.#views.showContentAlone();
    this.#detail.close();
    this.#table.showEmpty(this.#columnsFrom(0), summary.name);
  }

  #showPageProblem(problem: Problem): void {
    if (problem.cancelled) return;
    if (this.#page) this.#notices.showProblem(problem);
    else this.#showError(problem);
  }

  #showError(problem: Problem): void {
    this.#notices.showProblem(undefined);
    this.#views.showContentAlone();
    this.#page = undefined;
    this.#content.replaceChildren(errorState(problem, () => this.#host().reload()));
  }

  #columnsFrom(firstColumn: number) {
    return this.#summary?.columns.slice(firstColumn, firstColumn + PAGE_COLUMNS) ?? [];
  }

  #keepScroll(): void {
    if (this.#restoring) return;
    const { scrollTop, scrollLeft } = this.#table.element;
    this.#update({ scrollTop, scrollLeft });
  }

  #update(change: Partial<Place>): void {
    this.#place = { ...this.#place, ...change };
    this.#save(this.#place);
  }
}
