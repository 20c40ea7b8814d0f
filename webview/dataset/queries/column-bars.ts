/**
 * What stands in the header of a column: how its values, or their lengths, are distributed over the whole file, and in
 * front of that over the rows that a filter left. Asked in the background where a file is small, and taken from the
 * statistics where a person asked for those.
 */

import type {
  BinScale,
  ColumnDistribution,
  ColumnStatistics,
  DistributionsRequest,
  Filter,
} from '../../../src/core/queries/questions.ts';
import type { DatasetSummary } from '../../../src/protocol/dataset-viewer.ts';
import { element } from '../elements.ts';
import { count, counted, figure } from '../text.ts';
import { barsChart } from './bars-chart.ts';
import type { QueryHost } from './query-host.ts';

/** Up to so many bytes nobody has to ask: Parquet is read in well under a second, text files are read whole first. */
const UNASKED_BYTES = { parquet: 50_000_000, jsonl: 5_000_000, json: 5_000_000, csv: 5_000_000, arrow: 0 } as const;
const UNASKED_COLUMNS = 50;

const UNITS = { characters: 'char', bytes: 'byte', items: 'item' } as const;

type Distribution = Omit<ColumnDistribution, 'kind' | 'column'>;

export class ColumnBars {
  readonly #host: () => QueryHost;
  readonly #onChange: () => void;
  readonly #whole = new Map<number, Distribution>();
  readonly #left = new Map<number, Distribution>();
  #filter: Filter | undefined;
  /** Asked in the background, for the filter's rows too. */
  #unasked = false;
  #wholeKnown = false;
  #askingWhole = new AbortController();
  #askingLeft = new AbortController();

  constructor(host: () => QueryHost, onChange: () => void) {
    this.#host = host;
    this.#onChange = onChange;
  }

  /** A dataset was opened, or opened again. The header keeps room for what is asked in the background. */
  reset({ kind, bytes, columns }: DatasetSummary, filter: Filter | undefined, unasked: boolean): void {
    this.#askingWhole.abort();
    this.#askingLeft.abort();
    this.#filter = filter;
    this.#wholeKnown = false;
    this.#whole.clear();
    this.#left.clear();
    this.#unasked = unasked && bytes <= UNASKED_BYTES[kind] && columns.length <= UNASKED_COLUMNS;
  }

  /** Once the rows are there: they come first. */
  async askInBackground(): Promise<void> {
    if (!this.#unasked) return;
    this.#askingWhole = new AbortController();
    this.#wholeKnown = await this.#ask({}, this.#whole, this.#askingWhole.signal);
    if (this.#wholeKnown && this.#filter) await this.setFilter(this.#filter);
  }

  async setFilter(filter: Filter | undefined): Promise<void> {
    this.#filter = filter;
    this.#askingLeft.abort();
    this.#left.clear();
    this.#onChange();
    if (!filter || !this.#wholeKnown) return;
    this.#askingLeft = new AbortController();
    const scales = [...this.#whole].map(([column, { min, max, binWidth, bins }]): BinScale => {
      return { column, min, max, binWidth, count: bins.length };
    });
    await this.#ask({ filter, columns: [...this.#whole.keys()], scales }, this.#left, this.#askingLeft.signal);
  }

  /** Statistics of the whole file were asked for: they know lengths, and numbers are quick to count. */
  takeLengths({ column, lengths }: ColumnStatistics): void {
    if (!lengths) return;
    this.#whole.set(column, lengths);
    this.#onChange();
  }

  async askNumbers(columns: readonly number[]): Promise<void> {
    const missing = columns.filter((column) => !this.#whole.has(column));
    if (missing.length === 0) return;
    this.#askingWhole.abort();
    this.#askingWhole = new AbortController();
    await this.#ask({ columns: missing }, this.#whole, this.#askingWhole.signal);
  }

  /** What the header shows of a column; empty room while it is on its way. */
  element(column: number): HTMLElement | undefined {
    const whole = this.#whole.get(column);
    if (!whole) return this.#unasked ? element('div', { class: 'distribution' }) : undefined;
    const left = this.#filter ? this.#left.get(column) : whole;
    const label = `${whole.of === 'values' ? 'Values' : `Lengths in ${whole.of}`}, ${figure(whole.min)} to ${figure(whole.max)}`;
    const bars = [{ bins: whole.bins, className: 'whole' }, ...(left ? [{ bins: left.bins, className: 'left' }] : [])];
    const highest = count(Math.max(...whole.bins));
    return element(
      'div',
      { class: 'distribution', title: `${label}; ${highest} rows in the highest bar` },
      barsChart(bars, label, 'sparkline') as unknown as HTMLElement,
      element(
        'div',
        { class: 'axis', 'aria-hidden': 'true' },
        element('span', {}, figure(whole.min)),
        element('span', {}, whole.of === 'values' ? figure(whole.max) : counted(whole.max, UNITS[whole.of])),
      ),
    );
  }

  async #ask(request: DistributionsRequest, into: Map<number, Distribution>, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#host().distributions(request, signal, (part) => {
      if (signal.aborted || part.kind !== 'distribution') return;
      into.set(part.column, part);
      this.#onChange();
    });
    if (!answer.ok && !signal.aborted) {
      // Nobody asked: rows are read without, and the room is given back.
      this.#unasked = false;
      this.#onChange();
    }
    return answer.ok;
  }
}
