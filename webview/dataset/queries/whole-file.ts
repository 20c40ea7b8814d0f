/**
 * What is asked of the whole file beside its rows: search, filter and order, statistics, SQL. The process that answers is
 * started when the first of them is wanted.
 */

import type { QuerySummary, RowOrderRequest, SortKey } from '../../../src/core/queries/questions.ts';
import type { DatasetSummary } from '../../../src/protocol/dataset-viewer.ts';
import type { DataTab } from '../data-tab.ts';
import type { HeaderState } from '../grid/header.ts';
import type { Host } from '../host.ts';
import type { Place } from '../place.ts';
import { ColumnBars } from './column-bars.ts';
import { FilterBar } from './filter-bar.ts';
import { RowNumbers } from './row-numbers.ts';
import { allRows, someRows } from './row-sources.ts';
import type { Ruler } from './ruler.ts';
import { SearchBar } from './search-bar.ts';
import { SqlView } from './sql-view.ts';
import { StatisticsView } from './statistics-view.ts';

export interface WholeFileEvents {
  readonly onPlace: (change: Partial<Place>) => void;
  readonly currentRow: () => number;
}

export class WholeFile {
  readonly search: SearchBar;
  readonly filter: FilterBar;
  readonly statistics: StatisticsView;
  readonly sql: SqlView;
  readonly #host: () => Host;
  readonly #data: DataTab;
  readonly #events: WholeFileEvents;
  readonly #bars: ColumnBars;
  #summary: DatasetSummary | undefined;
  #queries: Promise<QuerySummary | undefined> | undefined;
  #sort: SortKey | undefined;
  #asking = new AbortController();

  constructor(host: () => Host, data: DataTab, ruler: Ruler, place: Place, events: WholeFileEvents) {
    this.#host = host;
    this.#data = data;
    this.#events = events;
    this.#sort = place.sort ?? undefined;
    const queries = () => host().queries;
    this.search = new SearchBar(queries, {
      onHit: (row) => data.goToRow(row),
      onHits: (hits) => ruler.show(hits, this.#summary?.rowCount ?? 0),
      currentRow: events.currentRow,
    });
    this.#bars = new ColumnBars(queries, () => data.setHeader(this.#header()));
    this.filter = new FilterBar({
      onFilter: (filter) => {
        events.onPlace({ conditions: this.filter.conditions });
        this.statistics.setFilter(filter);
        void this.#bars.setFilter(filter);
        void this.#order();
      },
    });
    this.filter.restore(place.conditions);
    this.statistics = new StatisticsView(queries, {
      onColumn: (found) => this.#bars.takeLengths(found),
      onWholeFile: () => void this.#bars.askNumbers(this.#summary?.columns.map((_, index) => index) ?? []),
    });
    this.sql = new SqlView(queries, place.sql ?? undefined, {
      onSql: (sql) => events.onPlace({ sql }),
      onExport: (sql) => this.#host().exportRows({ kind: 'sql', sql }),
    });
    for (const tool of [this.search.element, this.filter.element]) {
      tool.addEventListener('focusin', () => void this.#started());
    }
  }

  /** The columns are others than those that filter and order were made for. */
  forget(): void {
    this.filter.restore([]);
    this.#sort = undefined;
    this.#events.onPlace({ conditions: [], sort: null });
  }

  /** A dataset was opened, or opened again. @param unasked whether questions may be asked that nobody asked */
  open(summary: DatasetSummary, unasked: boolean): void {
    this.#summary = summary;
    this.#queries = undefined;
    this.#bars.reset(summary, this.filter.filter, unasked);
    this.search.clear();
    this.#data.show(summary, allRows(this.#host(), summary.columns, summary.rowCount), this.#header());
    this.statistics.setColumns([]);
    if (this.filter.conditions.length > 0 || this.#sort) void this.#order();
  }

  /** All rows, as they are in the file. */
  showAll(): void {
    this.#sort = undefined;
    this.#events.onPlace({ sort: null });
    this.filter.clear();
  }

  /** What nobody asked for, once the rows are there. */
  askInBackground(): void {
    void this.#bars.askInBackground();
  }

  async showStatistics(): Promise<void> {
    await this.#started();
    await this.statistics.show();
  }

  async showSql(): Promise<void> {
    await this.#started();
    await this.sql.show();
  }

  /** Up, down, as in the file. */
  sortByClick(column: number): void {
    const same = this.#sort?.column === column ? this.#sort : undefined;
    if (!same) this.sortBy({ column });
    else this.sortBy(same.descending ? undefined : { column, descending: true });
  }

  sortBy(sort: SortKey | undefined): void {
    this.#sort = sort;
    this.#events.onPlace({ sort: sort ?? null });
    void this.#order(sort !== undefined);
  }

  filterColumn(column: number): void {
    void this.#started().then((summary) => summary && this.filter.openFor(column));
  }

  exportRows(): void {
    this.#host().exportRows({ kind: 'rows', ...this.#request() });
  }

  #request(): RowOrderRequest {
    const { filter } = this.filter;
    return { ...(filter && { filter }), ...(this.#sort && { sort: [this.#sort] }) };
  }

  /** Which rows are shown, in which order. The old ones stay until the new ones are known. */
  async #order(fromTop = false): Promise<void> {
    const summary = this.#summary;
    if (!summary) return;
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const request = this.#request();
    if (!request.filter && !request.sort) {
      this.filter.showCount(summary.rowCount, summary.rowCount);
      this.#data.showRows(allRows(this.#host(), summary.columns, summary.rowCount), this.#header());
      return;
    }
    if (!(await this.#started()) || asking.signal.aborted) return;
    this.filter.showCount(null, summary.rowCount);
    const rows = new RowNumbers();
    const answer = await this.#host().queries.rowOrder(request, asking.signal, (part) => {
      if (part.kind === 'rows') rows.append(part.rows);
    });
    if (asking.signal.aborted) return;
    if (!answer.ok) {
      if (!answer.fault.cancelled) this.filter.showProblem(answer.fault.message);
      return;
    }
    this.filter.showCount(rows.length, summary.rowCount);
    const source = someRows(this.#host(), summary.columns, rows, request.sort === undefined);
    this.#data.showRows(source, this.#header(), fromTop);
  }

  #header(): HeaderState {
    return {
      ...(this.#sort && { sorted: { column: this.#sort.column, descending: this.#sort.descending === true } }),
      distribution: (index) => this.#bars.element(index),
    };
  }

  #started(): Promise<QuerySummary | undefined> {
    this.#queries ??= this.#start();
    return this.#queries;
  }

  async #start(): Promise<QuerySummary | undefined> {
    const summary = await this.#host().queries.summary(new AbortController().signal);
    if (summary.ok) {
      this.filter.setColumns(summary.value.columns);
      this.statistics.setColumns(summary.value.columns);
      return summary.value;
    }
    const { message } = summary.fault;
    for (const part of [this.search, this.filter, this.statistics, this.sql]) part.disable(message);
    this.filter.showProblem(message);
    return undefined;
  }
}
