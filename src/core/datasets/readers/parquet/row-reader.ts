/** Reads rows of an open Parquet file, window by window. */

import { StudioError } from '../../../errors.ts';
import type { RowBatch, RowRange, TextColumn } from '../../dataset.ts';
import { assembleColumn } from './assemble.ts';
import { LeafReader, type PageCaches } from './leaf-reader.ts';
import type { DecodedRun, LeafValues } from './leaf-rows.ts';
import type { Leaf, SchemaNode } from './leaves.ts';
import { PageCache } from './page-cache.ts';
import { damagedColumn, type PageSource, RowGroupPages } from './row-group-pages.ts';

/** Uncompressed bytes that one window may hold. */
const WINDOW_BYTES = 32 * 2 ** 20;
const WINDOW_ROWS = 5_000;
const LEAST_ROWS = 100;
/** Of rows that nobody comes back to; so few cells are garbage before they have been copied once. */
const FORWARD_BYTES = 2 * 2 ** 20;
const FORWARD_ROWS = 1_000;
/** Kept between reads, so that scrolling on does not decode the same pages again. */
const CACHED_PAGES_BYTES = 24 * 2 ** 20;
const CACHED_DICTIONARIES_BYTES = 8 * 2 ** 20;
/** Leaves that are read at the same time. */
const TOGETHER = 8;

export class RowReader {
  readonly #source: PageSource;
  readonly #groups = new Map<number, RowGroupPages>();
  readonly #caches: PageCaches = {
    streams: new Map(),
    runs: new PageCache(CACHED_PAGES_BYTES),
    dictionaries: new PageCache(CACHED_DICTIONARIES_BYTES),
  };

  /** The run that each leaf was last read to: the next window begins in it, however large it is. */
  readonly #last = new Map<string, DecodedRun>();
  #lastGroup = -1;

  constructor(source: PageSource) {
    this.#source = source;
  }

  async *read(range: RowRange, signal?: AbortSignal): AsyncGenerator<RowBatch> {
    const columns = range.columns ?? this.#source.schema.columns.map((_, index) => index);
    let groupStart = 0;
    for (const [index, { num_rows }] of this.#source.metadata.row_groups.entries()) {
      const start = Math.max(0, range.start - groupStart);
      const end = Math.min(Number(num_rows), range.end - groupStart);
      const rows = { start, end, columns, forward: range.forward === true, texts: range.texts === true };
      if (start < end) yield* this.#readGroup(index, groupStart, rows, signal);
      groupStart += Number(num_rows);
    }
  }

  /** The row groups that have been looked into, for a cache of their pages. */
  get groups(): ReadonlyMap<number, RowGroupPages> {
    return this.#groups;
  }

  group(index: number): RowGroupPages {
    const group = this.#groups.get(index) ?? new RowGroupPages(this.#source, index);
    this.#groups.set(index, group);
    return group;
  }

  async *#readGroup(
    group: number,
    groupStart: number,
    { start, end, columns, forward, texts }: Required<RowRange>,
    signal?: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const unique = [...new Set(columns)];
    const places = columns.map((column) => unique.indexOf(column));
    const step = this.#windowRows(group, new Set(columns), forward);
    if (this.#lastGroup !== group) {
      this.#last.clear();
      this.#caches.streams.clear();
    }
    this.#lastGroup = group;
    for (let at = start; at < end; at += step) {
      signal?.throwIfAborted();
      const to = Math.min(end, at + step);
      const window = { start: at, end: to, columns: unique, forward, texts };
      const found = await this.#columns(group, groupStart, window, signal);
      yield batchOf(groupStart + at, to - at, found, places);
    }
  }

  /** As many rows as fit the size of a window. */
  #windowRows(group: number, columns: ReadonlySet<number>, forward: boolean): number {
    const { columns: chunks, num_rows: rows } = this.#source.metadata.row_groups[group]!;
    let bytes = 0;
    for (const { index, column } of this.#source.schema.leaves) {
      if (columns.has(column)) bytes += Number(chunks[index]!.meta_data?.total_uncompressed_size ?? 0);
    }
    const perRow = Math.max(1, bytes / Math.max(1, Number(rows)));
    const [mostRows, mostBytes] = forward ? [FORWARD_ROWS, FORWARD_BYTES] : [WINDOW_ROWS, WINDOW_BYTES];
    return Math.max(LEAST_ROWS, Math.min(mostRows, Math.floor(mostBytes / perRow)));
  }

  async #columns(
    group: number,
    groupStart: number,
    { start, end, columns, forward, texts }: Required<RowRange>,
    signal?: AbortSignal,
  ): Promise<FoundColumns> {
    const leaves = columns.flatMap((column) => leavesOf(this.#source.schema.columns[column]!));
    const values = new Map<number, () => LeafValues>();
    const textsOf = new Map<number, TextColumn | undefined>();
    try {
      for (let at = 0; at < leaves.length; at += TOGETHER) {
        const reads = leaves.slice(at, at + TOGETHER).map(async (leaf) => {
          const key = `${group}.${leaf.index}`;
          const reader = new LeafReader(this.#source, this.group(group), group, leaf, this.#caches);
          const found = await reader.read(start, end, this.#last.get(key), forward, texts, signal);
          values.set(leaf.index, found.values);
          textsOf.set(leaf.index, found.texts);
          if (found.last && this.#lastGroup === group) this.#last.set(key, found.last);
        });
        await allSettled(reads);
      }
      const asTexts = texts ? columns.map((column) => this.#textsOf(column, textsOf)) : [];
      const cells = () => columns.map((column) => this.#assemble(group, column, end - start, values));
      const whole = asTexts.filter((column) => column !== undefined);
      return whole.length > 0 && whole.length === columns.length
        ? { texts: whole, cells }
        : { texts: undefined, cells: always(cells()) };
    } catch (error) {
      signal?.throwIfAborted();
      throw withRows(error, groupStart + start, groupStart + end - 1);
    }
  }

  /** Of a column that is one leaf. */
  #textsOf(column: number, texts: ReadonlyMap<number, TextColumn | undefined>): TextColumn | undefined {
    const { leaf } = this.#source.schema.columns[column]!;
    return leaf && texts.get(leaf.index);
  }

  #assemble(group: number, column: number, rows: number, values: ReadonlyMap<number, () => LeafValues>): unknown[] {
    const node = this.#source.schema.columns[column]!;
    try {
      return assembleColumn(node, rows, (leaf) => values.get(leaf)!());
    } catch (error) {
      throw damagedColumn(this.#source.file, leavesOf(node)[0]!, group, error);
    }
  }
}

/** The cells of a window, column by column. */
interface FoundColumns {
  readonly cells: () => readonly (readonly unknown[])[];
  /** Where every column is texts in bytes; the cells are only made on request then. */
  readonly texts: readonly TextColumn[] | undefined;
}

/** @param places of the cells of a row among the columns */
function batchOf(start: number, count: number, { cells, texts }: FoundColumns, places: readonly number[]): RowBatch {
  const make = () => {
    const columns = cells();
    return Array.from({ length: count }, (_, row) => places.map((place) => columns[place]![row]));
  };
  if (!texts) return { start, rows: make() };
  let made: unknown[][] | undefined;
  return {
    start,
    get rows() {
      made ??= make();
      return made;
    },
    texts: { rows: count, columns: places.map((place) => texts[place]!) },
  };
}

function always<T>(value: T): () => T {
  return () => value;
}

function leavesOf(node: SchemaNode): readonly Leaf[] {
  return node.leaf ? [node.leaf] : node.children.flatMap(leavesOf);
}

/** Waits for all of them, so that none goes on reading after the first failure is known. */
async function allSettled(reads: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(reads)) if (result.status === 'rejected') throw result.reason;
}

function withRows(error: unknown, first: number, last: number): unknown {
  if (!(error instanceof StudioError) || error.code !== 'damaged-file') return error;
  const { where, hint, cause } = error;
  return new StudioError('damaged-file', `Rows ${first} to ${last} cannot be read. ${error.message}`, {
    where,
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
}
