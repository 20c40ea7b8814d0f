/** The view "Statistics": every column of the whole file, or of the rows that the filter left. */

import type {
  ColumnStatistics,
  CountedValue,
  Filter,
  LengthStatistics,
  QueryColumn,
} from '../../../src/core/queries/questions.ts';
import { button, element } from '../elements.ts';
import { columnLabel, count, counted, figure } from '../text.ts';
import { barChart } from './bars-chart.ts';
import type { QueryHost } from './query-host.ts';

export interface StatisticsEvents {
  /** What a column's header shows once the whole file is known. */
  readonly onColumn: (statistics: ColumnStatistics) => void;
  /** Every column of the whole file was counted. */
  readonly onWholeFile: () => void;
}

export class StatisticsView {
  readonly element = element('section', {
    class: 'statistics',
    id: 'view-statistics',
    role: 'tabpanel',
    'aria-labelledby': 'tab-statistics',
    tabindex: 0,
    hidden: true,
  });
  readonly #host: () => QueryHost;
  readonly #events: StatisticsEvents;
  readonly #status = element('span', { class: 'status', role: 'status' });
  readonly #bar = element('div', { class: 'search-progress', hidden: true });
  readonly #scopes = element('div', { class: 'segments', role: 'radiogroup', 'aria-label': 'Rows' });
  readonly #cancel: HTMLButtonElement;
  readonly #cards = element('div', { class: 'cards' });
  #columns: readonly QueryColumn[] = [];
  #filter: Filter | undefined;
  #filtered = false;
  #asked: string | undefined;
  #asking: AbortController | undefined;
  #unavailable: string | undefined;

  constructor(host: () => QueryHost, events: StatisticsEvents) {
    this.#host = host;
    this.#events = events;
    this.#cancel = button('Cancel', () => this.#asking?.abort(), { hidden: true });
    this.element.append(
      element('header', {}, this.#scopes, this.#status, element('span', { class: 'spring' }), this.#cancel, this.#bar),
      this.#cards,
    );
  }

  setColumns(columns: readonly QueryColumn[]): void {
    this.#columns = columns;
    this.#asked = undefined;
    this.#cards.replaceChildren();
  }

  setFilter(filter: Filter | undefined): void {
    this.#filter = filter;
    this.#filtered = filter !== undefined;
    if (!this.element.hidden) void this.show();
  }

  disable(reason: string): void {
    this.#unavailable = reason;
  }

  hide(): void {
    this.element.hidden = true;
    this.#asking?.abort();
  }

  async show(): Promise<void> {
    this.element.hidden = false;
    if (this.#unavailable !== undefined) {
      this.#cards.replaceChildren(element('p', { class: 'problem', role: 'status' }, this.#unavailable));
      return;
    }
    this.#drawScopes();
    const filter = this.#filtered ? this.#filter : undefined;
    const asked = JSON.stringify(filter ?? null);
    if (asked === this.#asked || this.#columns.length === 0) return;
    await this.#ask(filter, asked);
  }

  async #ask(filter: Filter | undefined, asked: string): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#asked = asked;
    const places = this.#columns.map((column) => element('article', { class: 'card' }, head(column)));
    this.#cards.replaceChildren(...places);
    this.#bar.hidden = false;
    this.#cancel.hidden = false;
    this.#status.textContent = 'Counting…';
    const since = performance.now();
    const answer = await this.#host().statistics(filter ? { filter } : {}, asking.signal, (part) => {
      if (asking.signal.aborted) return;
      if (part.kind === 'progress') {
        this.#bar.style.setProperty('--done', String(part.done));
        return;
      }
      const column = this.#columns[part.column];
      if (column) places[part.column]?.replaceChildren(head(column), ...body(part));
      if (!filter) this.#events.onColumn(part);
    });
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#bar.hidden = true;
    this.#cancel.hidden = true;
    if (answer.ok) {
      if (!filter) this.#events.onWholeFile();
      const seconds = ((performance.now() - since) / 1_000).toFixed(1);
      this.#status.textContent = `${counted(answer.value.rows, 'row')} in ${seconds} s. Distinct counts marked ≈ are approximate, often by a tenth and more.`;
      return;
    }
    this.#asked = undefined;
    this.#status.textContent = answer.fault.cancelled ? 'Cancelled.' : answer.fault.message;
    if (answer.fault.cancelled) this.#cards.append(button('Count again', () => void this.show()));
  }

  #drawScopes(): void {
    this.#scopes.hidden = this.#filter === undefined;
    const scope = (title: string, filtered: boolean) =>
      button(
        title,
        () => {
          this.#filtered = filtered;
          void this.show();
        },
        { role: 'radio', 'aria-checked': String(this.#filtered === filtered) },
      );
    this.#scopes.replaceChildren(scope('Whole file', false), scope('Filtered rows', true));
  }
}

function head({ name, type }: QueryColumn): HTMLElement {
  return element(
    'h3',
    { title: type },
    element('bdi', { class: name === '' ? 'name absent' : 'name' }, columnLabel(name)),
    element('bdi', { class: 'type' }, type.toLowerCase()),
  );
}

function body(statistics: ColumnStatistics): HTMLElement[] {
  const { lengths, labels, top, rows } = statistics;
  const parts = [facts(statistics)];
  if (lengths) parts.push(lengthChart(lengths));
  if (labels) parts.push(values('Values', labels, rows));
  else if (top && top.length > 0) parts.push(values('Most frequent', top, rows));
  return parts;
}

function facts({ rows, nulls, empty, distinct, range, moments, lengths }: ColumnStatistics): HTMLElement {
  const share = (part: number) => (part === 0 || rows === 0 ? '' : ` (${((100 * part) / rows).toFixed(1)} %)`);
  const list: (readonly [string, string])[] = [['Nulls', `${count(nulls)}${share(nulls)}`]];
  if (empty !== null) list.push(['Empty', `${count(empty)}${share(empty)}`]);
  if (distinct) list.push(['Distinct', `${distinct.approximate ? '≈ ' : ''}${count(distinct.count)}`]);
  if (range) list.push(['Range', `${cellText(range.min)} to ${cellText(range.max)}`]);
  if (moments) {
    const { mean, median, medianApproximate, sd } = moments;
    list.push(['Mean, SD', `${figure(mean)}, ${sd === null ? '–' : figure(sd)}`]);
    list.push(['Median', `${medianApproximate ? '≈ ' : ''}${figure(median)}`]);
  }
  if (lengths) list.push([`Median, max ${lengths.of}`, `${figure(lengths.median)}, ${count(lengths.max)}`]);
  return element(
    'dl',
    {},
    ...list.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', { title: value }, value))),
  );
}

function lengthChart({ of, bins, binWidth, min, max }: LengthStatistics): HTMLElement {
  const label = `${of === 'characters' ? 'Characters' : 'Items'} per row, in steps of ${count(binWidth)}`;
  return element(
    'figure',
    {},
    element('figcaption', {}, label),
    barChart(bins, `${label}: ${bins.join(', ')} rows`, 'chart') as unknown as HTMLElement,
    element(
      'div',
      { class: 'axis', 'aria-hidden': 'true' },
      element('span', {}, count(min)),
      element('span', {}, count(max)),
    ),
  );
}

function values(title: string, list: readonly CountedValue[], rows: number): HTMLElement {
  const most = Math.max(1, ...list.map((value) => value.count));
  const lines = list.map(({ value, chars, count: times }) => {
    const shown = value.length < chars ? `${value}…` : value;
    const line = element(
      'li',
      {},
      element('bdi', { class: value === '' ? 'absent' : undefined, title: shown }, value === '' ? 'empty' : shown),
      element('span', { class: 'times' }, count(times)),
      element('span', { class: 'share' }, rows === 0 ? '' : `${((100 * times) / rows).toFixed(1)} %`),
    );
    line.style.setProperty('--share', String(times / most));
    return line;
  });
  return element(
    'div',
    { class: 'values' },
    element('h4', {}, title, element('span', {}, 'rows')),
    element('ol', {}, ...lines),
  );
}

const cellText = (cell: unknown): string => (typeof cell === 'number' ? figure(cell) : String(cell));
