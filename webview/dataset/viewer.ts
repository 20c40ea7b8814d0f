/** The page: holds the place, opens the dataset, and joins its bars and views. */

import type { PageCommand } from '../../src/protocol/dataset-commands.ts';
import type { FileState, PageFunctions, Problem } from '../../src/protocol/dataset-viewer.ts';
import { FileBar } from './bars.ts';
import { Checks } from './checks.ts';
import { DataTab } from './data-tab.ts';
import { DatasetTab } from './dataset-tab.ts';
import { element } from './elements.ts';
import { NO_CHANGES, withHidden, withPinned } from './grid/column-layout.ts';
import type { Host } from './host.ts';
import { errorState, Notices } from './notices.ts';
import type { Place, Saved, View } from './place.ts';
import { Progress } from './progress.ts';
import { Ruler } from './queries/ruler.ts';
import { WholeFile } from './queries/whole-file.ts';
import { ViewTabs } from './tabs.ts';
import { ToolBar } from './toolbar.ts';
import { Views } from './views.ts';

export class Viewer implements PageFunctions {
  readonly #host: () => Host;
  readonly #save: (place: Place) => void;
  readonly #fileBar: FileBar;
  readonly #notices: Notices;
  readonly #progress = new Progress();
  readonly #ruler = new Ruler();
  readonly #data: DataTab;
  readonly #dataset: DatasetTab;
  readonly #wholeFile: WholeFile;
  readonly #toolBar: ToolBar;
  readonly #checks: Checks;
  readonly #views: Views;
  #place: Place;
  #opened = false;
  #opening = new AbortController();

  /** @param host asked for late: it is connected to this page */
  constructor(host: () => Host, saved: Saved) {
    this.#host = host;
    this.#save = saved.save;
    this.#place = saved.place;
    this.#fileBar = new FileBar(() => this.#host().download());
    this.#notices = new Notices(() => this.#host().reload());
    this.#data = new DataTab(host, saved.place, [this.#ruler.element], {
      onPlace: (change) => this.#update(change),
      onProblem: (problem) => this.#notices.showProblem(problem),
      onWaiting: (waiting) => this.#progress.show(waiting),
      onSort: (column) => this.#wholeFile.sortByClick(column),
      onClearFilters: () => this.#wholeFile.filter.clear(),
    });
    this.#wholeFile = new WholeFile(host, this.#data, this.#ruler, saved.place, {
      onPlace: (change) => this.#update(change),
      currentRow: () => this.#place.row,
    });
    this.#toolBar = new ToolBar([this.#wholeFile.search.element, this.#wholeFile.filter.element], (row) =>
      this.#goToRow(row),
    );
    this.#dataset = new DatasetTab(host);
    const tabs = new ViewTabs({
      onSelect: (view) => this.#showView(view),
      onPrepare: () => this.#host().prepare(),
    });
    this.#checks = new Checks(host, {
      onView: (view) => this.#showView(view),
      onRow: (row, focus) => this.#data.goToRow(row, { pane: true, focus }),
      onFindings: (found) => tabs.showFindings(found),
    });
    const rows = [this.#toolBar.element, this.#data.element];
    this.#views = new Views(tabs, {
      data: {
        show: () => this.#showRows(rows, true),
        hide: () => this.#showRows(rows, false),
      },
      statistics: { show: () => void this.#wholeFile.showStatistics(), hide: () => this.#wholeFile.statistics.hide() },
      checks: this.#checks,
      sql: { show: () => void this.#wholeFile.showSql(), hide: () => this.#wholeFile.sql.hide() },
      dataset: this.#dataset,
    });
    document.body.append(
      this.#fileBar.element,
      tabs.element,
      this.#toolBar.element,
      this.#checks.strip.element,
      this.#notices.element,
      this.#progress.element,
      this.#data.element,
      this.#wholeFile.statistics.element,
      this.#checks.element,
      this.#wholeFile.sql.element,
      this.#dataset.element,
    );
    document.addEventListener('keydown', (event) => {
      if (this.#place.view === 'data' && this.#opened && this.#data.onKey(event)) event.preventDefault();
    });
    document.addEventListener('copy', (event) => this.#onCopy(event));
  }

  async start(): Promise<void> {
    this.#opening.abort();
    const opening = new AbortController();
    this.#opening = opening;
    this.#notices.showProblem(undefined);
    this.#notices.showMalformed(undefined);
    const asked = this.#progress.during(this.#host().open(opening.signal));
    // The host alone answers this one, so the name stands there while the reader is still starting.
    const file = await this.#host().file();
    this.#fileBar.showFile(file);
    const opened = await asked;
    if (opening.signal.aborted) return;
    if (!opened.ok) {
      if (!opened.fault.cancelled) this.#showError(opened.fault);
      return;
    }
    const summary = opened.value;
    this.#opened = true;
    this.#fileBar.showSummary(summary);
    this.#notices.showMalformed(summary.malformed);
    this.#toolBar.setRows(summary.rowCount);
    this.#checks.reset();
    this.#dataset.reset(summary);
    this.#forgetOtherColumns(summary.columns.map(({ name }) => name));
    const takeFocus = document.hasFocus() && document.activeElement === document.body;
    // Of a dataset elsewhere only what is shown is fetched.
    this.#wholeFile.open(summary, file.remote === undefined);
    if (summary.rowCount === 0) {
      this.#data.showInstead(element('p', { class: 'empty', role: 'status' }, 'No rows'));
      this.#showView('dataset');
      return;
    }
    this.#showView(this.#place.view);
    if (takeFocus && this.#place.view === 'data') this.#data.focus();
    await this.#showAskedRow();
    const advice = await this.#host().advise(opening.signal);
    if (opening.signal.aborted) return;
    this.#wholeFile.askInBackground();
    if (!advice.ok) return;
    this.#fileBar.showAdvice(advice.value);
    this.#checks.setAdvice(advice.value);
    this.#dataset.setAdvice(advice.value);
  }

  /** A place is kept by columns: with other columns only the row means the same. */
  #forgetOtherColumns(names: readonly string[]): void {
    const schema = JSON.stringify(names);
    if (this.#place.schema === schema) return;
    if (this.#place.schema !== null) {
      this.#data.setColumns(NO_CHANGES);
      this.#wholeFile.forget();
    }
    this.#update({ schema });
  }

  fileState(state: FileState): void {
    this.#notices.showFileState(state);
  }

  fetched(bytes: number): void {
    this.#fileBar.showFetched(bytes);
  }

  readerEnded(problem: Problem): void {
    if (this.#opened) this.#notices.showProblem(problem);
    else this.#showError(problem);
  }

  reloaded(): void {
    this.#notices.showFileState('as-opened');
    void this.start();
  }

  gradesChanged(): void {
    this.#data.gradesChanged();
  }

  /** A command of VS Code's menus or palette. */
  command(command: PageCommand): void {
    switch (command.kind) {
      case 'copy':
        this.#host().copy(this.#data.copyRequest(command.what, command.format, command.place));
        return;
      case 'find':
        this.#showView('data');
        this.#wholeFile.search.focus();
        return;
      case 'go-to-row':
        this.#showView('data');
        this.#toolBar.focusGoToRow();
        return;
      case 'show-row':
        if (this.#opened) void this.#showAskedRow();
        return;
      case 'go-to-column':
        this.#showView('data');
        this.#data.goToColumn(command.column);
        return;
      case 'show-columns':
        this.#showColumns(command.columns);
        return;
      case 'column':
        this.#onColumn(command.action, command.column);
        return;
      case 'export':
        this.#wholeFile.exportRows();
        return;
    }
  }

  #onColumn(action: (PageCommand & { kind: 'column' })['action'], column: number): void {
    const columns = this.#data.columns;
    if (action === 'hide') this.#data.setColumns(withHidden(columns, column, true));
    else if (action === 'pin' || action === 'unpin') {
      this.#data.setColumns(withPinned(columns, column, action === 'pin'));
    } else if (action === 'filter') this.#wholeFile.filterColumn(column);
    else this.#wholeFile.sortBy({ column, descending: action === 'sort-descending' });
  }

  #showColumns(shown: readonly number[]): void {
    const all = this.#data.source?.columns ?? [];
    const hidden = all.map((_, index) => index).filter((index) => !shown.includes(index));
    this.#data.setColumns({ ...this.#data.columns, hidden });
  }

  #goToRow(row: number): void {
    if (this.#data.source?.positionOf(row) === undefined) {
      this.#toolBar.refuse('The filter hides this row');
      return;
    }
    this.#data.goToRow(row, { focus: true });
  }

  /** A row that another view speaks of, with its texts beside it; a filter that hides it is put aside. */
  async #showAskedRow(): Promise<void> {
    const row = await this.#host().rowToShow();
    if (row === null) return;
    this.#showView('data');
    if (this.#data.source?.positionOf(row) === undefined) this.#wholeFile.showAll();
    this.#data.goToRow(row, { pane: true, focus: true });
  }

  #showView(view: View): void {
    this.#update({ view });
    this.#views.show(view);
  }

  #showRows(parts: readonly HTMLElement[], shown: boolean): void {
    for (const part of parts) part.hidden = !shown;
    this.#checks.strip.setVisible(shown);
  }

  #showError(problem: Problem): void {
    this.#notices.showProblem(undefined);
    this.#opened = false;
    this.#views.showAlone('data');
    this.#toolBar.element.hidden = true;
    this.#data.showInstead(errorState(problem, this.#host()));
  }

  /** A text that is selected is copied by the browser; else the current cell is meant. */
  #onCopy(event: ClipboardEvent): void {
    if (!this.#data.hasFocus() || document.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    this.#host().copy(this.#data.copyRequest('cell', 'text'));
  }

  #update(change: Partial<Place>): void {
    this.#place = { ...this.#place, ...change };
    this.#save(this.#place);
  }
}
