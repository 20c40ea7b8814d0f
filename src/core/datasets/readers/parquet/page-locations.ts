/** Where the pages of a column chunk stand and which rows they hold: what an offset index says, kept in few bytes. */

import { readOffsetIndex } from 'hyparquet';

/** Consecutive pages that begin with the start of a row; nearly always a single one. */
export interface PageRun {
  readonly offset: number;
  readonly bytes: number;
  /** Rows of the row group: first, and behind the last. */
  readonly firstRow: number;
  readonly endRow: number;
}

/** The runs of one column chunk in order. */
export class PageLocations {
  /** Offset, bytes and first row of each run. */
  readonly #numbers: number[] = [];
  /** The dictionary page, where there is one: its offset and bytes. */
  dictionary: { readonly offset: number; readonly bytes: number } | undefined;

  get runs(): number {
    return this.#numbers.length / 3;
  }

  add(offset: number, bytes: number, firstRow: number): void {
    this.#numbers.push(offset, bytes, firstRow);
  }

  /** A page that begins inside a row belongs to the run before it. */
  extendLast(bytes: number): void {
    if (this.runs === 0) throw new Error('its first page begins inside a row');
    this.#numbers[this.#numbers.length - 2]! += bytes;
  }

  /** @param groupRows rows of the row group, behind the last of which the last run ends */
  run(index: number, groupRows: number): PageRun {
    const at = index * 3;
    return {
      offset: this.#numbers[at]!,
      bytes: this.#numbers[at + 1]!,
      firstRow: this.#numbers[at + 2]!,
      endRow: this.#numbers[at + 5] ?? groupRows,
    };
  }

  /** The index of the run that holds the row. */
  find(row: number): number {
    let low = 0;
    for (let high = this.runs; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle * 3 + 2]! <= row) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Whether these can be the pages of a chunk: in order, between its ends, the first at row 0. */
  liesWithin(start: number, end: number, groupRows: number): boolean {
    let at = start;
    let row = -1;
    for (let index = 0; index < this.runs; index++) {
      const { offset, bytes, firstRow } = this.run(index, groupRows);
      if (offset < at || bytes <= 0 || firstRow <= row || firstRow >= groupRows) return false;
      if (index === 0 && firstRow !== 0) return false;
      at = offset + bytes;
      row = firstRow;
    }
    return this.runs > 0 && at <= end;
  }

  /** The numbers for a cache; `from` reads them again. */
  toNumbers(): number[] {
    return [this.dictionary?.offset ?? 0, this.dictionary?.bytes ?? 0, ...this.#numbers];
  }

  static from([offset = 0, bytes = 0, ...numbers]: readonly number[]): PageLocations {
    const locations = new PageLocations();
    if (bytes > 0) locations.dictionary = { offset, bytes };
    for (const number of numbers) locations.#numbers.push(number);
    return locations;
  }
}

/**
 * The locations as the file's own offset index has them.
 * @param chunkStart where the column chunk begins: what stands before the first data page is its dictionary
 * @returns undefined where they cannot be true: some writers note pages that begin inside a row as if they did not
 */
export function locationsOfOffsetIndex(
  bytes: ArrayBuffer,
  chunkStart: number,
  chunkEnd: number,
  groupRows: number,
): PageLocations | undefined {
  const { page_locations: pages } = readOffsetIndex({ view: new DataView(bytes), offset: 0 });
  const locations = new PageLocations();
  for (const page of pages) {
    locations.add(Number(page.offset), page.compressed_page_size, Number(page.first_row_index));
  }
  if (!locations.liesWithin(chunkStart, chunkEnd, groupRows)) return undefined;
  const first = locations.run(0, groupRows).offset;
  if (first > chunkStart) locations.dictionary = { offset: chunkStart, bytes: first - chunkStart };
  return locations;
}
