/** What a question is asked of: the view `cells` with the row number `r` and the columns `c0`, `c1`, ... */

import type { DuckDBType } from '@duckdb/node-api';

/** Rows that can be skipped to without reading those before: a row group, or a part of a table in memory. */
export interface RowUnit {
  readonly file: number;
  /** Row of the file, inclusive. */
  readonly first: number;
  readonly end: number;
}

export interface RowWindow {
  readonly rows: number;
  /** What stands after FROM to read these rows only, with the columns of `cells`. */
  readonly from: string;
}

export interface SourceRows {
  readonly rowCount: number;
  readonly types: readonly DuckDBType[];
  /** For a column of JSON the column of `cells` that holds the texts inside it. */
  readonly leaves: readonly (string | undefined)[];
  readonly units: readonly RowUnit[];
  /** @param ranges in the order of the rows, none of them empty */
  window(ranges: readonly RowUnit[]): RowWindow;
}

/** The largest window's share of the rows. Each window costs a few percent, as threads wait for its last row group. */
const LARGEST_SHARE = 1 / 2;
const GROWTH = 4;
/** What would be left for a window of its own is taken along where it is less than so much of a window. */
const SMALLEST_REST = 1 / 2;

/**
 * The rows in windows, in order: small ones first, so that the first hits come early, then larger each time, as
 * every window has a cost of its own.
 * @param parallel units that DuckDB reads at once
 */
export function* windowsOf(source: SourceRows, parallel: number): Generator<RowWindow> {
  const largest = Math.max(parallel, Math.ceil(source.units.length * LARGEST_SHARE));
  const { units } = source;
  for (let first = 0, size = parallel; first < units.length; size = Math.min(largest, size * GROWTH)) {
    const rest = units.length - first - size;
    const end = rest <= size * SMALLEST_REST ? units.length : first + size;
    yield source.window(joined(units.slice(first, end)));
    first = end;
  }
}

function joined(units: readonly RowUnit[]): RowUnit[] {
  const ranges: RowUnit[] = [];
  for (const unit of units) {
    const last = ranges.at(-1);
    if (last?.file === unit.file && last.end === unit.first) ranges[ranges.length - 1] = { ...last, end: unit.end };
    else ranges.push(unit);
  }
  return ranges;
}

/** Ranges that hold the given rows of the dataset, and few others: one in each unit that has any of them. */
export function rangesOf(source: SourceRows, rows: readonly number[]): RowUnit[] {
  const ascending = [...rows].sort((a, b) => a - b);
  const ranges: RowUnit[] = [];
  let start = 0;
  let next = 0;
  for (const { file, first, end } of source.units) {
    const after = start + end - first;
    const from = next;
    while (next < ascending.length && ascending[next]! < after) next++;
    if (next > from) {
      ranges.push({ file, first: first + ascending[from]! - start, end: first + ascending[next - 1]! - start + 1 });
    }
    start = after;
  }
  return ranges;
}
