/**
 * Finds the pages of a column chunk that has no offset index, by walking from page header to page header.
 *
 * A value outside lists is a row, so that headers suffice. Inside a list a V1 header counts values, not rows; the rows are
 * the repetition levels that are 0. They stand at the start of the page, of which only as much is read and decompressed; in
 * a V2 page they stand uncompressed in front. Leaves under one innermost list share their repetition levels, so that the
 * levels of one leaf, the smallest, tell where the rows of the others begin.
 */

import type { CompressionCodec } from 'hyparquet';
import type { ForwardBytes } from './forward-bytes.ts';
import type { Leaf } from './leaves.ts';
import { bitWidth, countRowStarts } from './levels.ts';
import { ENCODING, HeaderCutOff, type PageHeader, parsePageHeader } from './page-header.ts';
import { PageLocations } from './page-locations.ts';
import { type Decompress, startOfPage } from './page-prefix.ts';
import { RowStarts } from './row-starts.ts';

const HEADER_BYTES = 4_096;
const LONGEST_HEADER = 2 ** 24;
/** Pages so small stand many to a read. */
const SMALL_PAGE = 8_192;
const READ_AHEAD = 65_536;
const FIRST_LEVELS = 4_096;

/** What the footer says of a column chunk. */
export interface Chunk {
  readonly leaf: Leaf;
  readonly codec: CompressionCodec;
  readonly start: number;
  readonly end: number;
  readonly values: number;
  readonly rows: number;
}

export class ChunkWalk {
  readonly chunk: Chunk;
  readonly locations = new PageLocations();
  done = false;
  /** Values and rows before the next page. */
  #values = 0;
  #rows = 0;
  #at: number;
  #ahead = HEADER_BYTES;
  readonly #bytes: ForwardBytes;
  readonly #decompress: Decompress;
  /** The walk whose levels say where the rows of this one begin. */
  readonly #reference: ChunkWalk | undefined;
  readonly #rowStarts: RowStarts | undefined;

  /** @param shared whether the levels of this walk are to serve others */
  constructor(chunk: Chunk, bytes: ForwardBytes, decompress: Decompress, reference?: ChunkWalk, shared = false) {
    this.chunk = chunk;
    this.#at = chunk.start;
    this.#bytes = bytes;
    this.#decompress = decompress;
    this.#reference = reference;
    if (shared) this.#rowStarts = new RowStarts();
  }

  /**
   * Takes in the next page.
   * @throws Error where the chunk is damaged; the signal's reason
   */
  async step(signal?: AbortSignal): Promise<void> {
    this.#bytes.signal = signal;
    if (this.#at >= this.chunk.end) return this.#finish();
    const header = await this.#header();
    const next = this.#at + header.headerBytes + header.bodyBytes;
    if (next > this.chunk.end) throw new Error('a page runs past the end of its column');
    this.#ahead = header.bodyBytes < SMALL_PAGE ? READ_AHEAD : HEADER_BYTES;
    if (header.kind === 'dictionary') this.#addDictionary(next - this.#at);
    if (header.kind === 'data' || header.kind === 'data-v2') await this.#addPage(header, next - this.#at);
    this.#at = next;
    if (next === this.chunk.end) this.#finish();
  }

  #addDictionary(bytes: number): void {
    if (this.locations.dictionary || this.locations.runs > 0) throw new Error('its dictionary is out of place');
    this.locations.dictionary = { offset: this.#at, bytes };
  }

  async #addPage(header: PageHeader, bytes: number): Promise<void> {
    if (this.#values + header.values > this.chunk.values)
      throw new Error('its pages hold more values than the footer says');
    if (header.values === 0) {
      // A page of nothing stays with the page before it, or is left out.
      if (this.locations.runs > 0) this.locations.extendLast(bytes);
      return;
    }
    const { firstRow, beginsRow, endRow } = await this.#rowsOf(header);
    if (beginsRow) this.locations.add(this.#at, bytes, firstRow);
    else this.locations.extendLast(bytes);
    this.#values += header.values;
    this.#rows = endRow;
  }

  async #rowsOf(header: PageHeader) {
    const firstRow = this.#rows;
    if (this.chunk.leaf.maxRepetition === 0) {
      if (header.v2 && header.v2.rows !== header.values) throw new Error('a page header contradicts itself');
      return { firstRow, beginsRow: true, endRow: firstRow + header.values };
    }
    if (this.#reference) {
      const starts = await this.#reference.#rowStartsUpTo(this.#values + header.values, this.#bytes.signal);
      const endRow = starts.countBefore(this.#values + header.values);
      return { firstRow, beginsRow: starts.has(this.#values), endRow };
    }
    const levels = await this.#repetitionLevels(header);
    const width = bitWidth(this.chunk.leaf.maxRepetition);
    const { rows, beginsRow } = countRowStarts(levels, width, header.values, this.#values, this.#rowStarts);
    if (header.v2 && header.v2.rows !== rows) throw new Error('a page header contradicts its levels');
    return { firstRow, beginsRow, endRow: firstRow + rows };
  }

  async #rowStartsUpTo(values: number, signal?: AbortSignal): Promise<RowStarts> {
    while (this.#values < values) {
      if (this.done) throw new Error('its pages hold fewer values than the footer says');
      await this.step(signal);
    }
    if (!this.#rowStarts) throw new Error('row starts were not kept');
    return this.#rowStarts;
  }

  async #repetitionLevels(header: PageHeader): Promise<Uint8Array> {
    const bodyAt = this.#at + header.headerBytes;
    const end = bodyAt + header.bodyBytes;
    const body = (length: number) => this.#bytes.get(bodyAt, length, Math.max(length, 2_048), end);
    if (header.v2) return body(header.v2.repetitionBytes);
    if (header.repetitionEncoding !== ENCODING.rle)
      throw new Error('its levels have the deprecated encoding BIT_PACKED');
    const { uncompressedBytes, bodyBytes } = header;
    const page = { codec: this.chunk.codec, bodyBytes, uncompressedBytes, body, decompress: this.#decompress };
    const guess = Math.min(FIRST_LEVELS, 64 + header.values, uncompressedBytes - 4);
    let start = await startOfPage(page, 4 + Math.max(0, guess));
    const length = (start[0]! | (start[1]! << 8) | (start[2]! << 16) | (start[3]! << 24)) >>> 0;
    if (start.length < 4 + length) start = await startOfPage(page, 4 + length);
    return start.subarray(4, 4 + length);
  }

  async #header(): Promise<PageHeader> {
    for (let length = HEADER_BYTES; ; length *= 4) {
      const bytes = await this.#bytes.get(this.#at, length, Math.max(length, this.#ahead), this.chunk.end);
      try {
        return parsePageHeader(bytes);
      } catch (error) {
        const more = bytes.length === length && length < LONGEST_HEADER;
        if (!(error instanceof HeaderCutOff) || !more) throw error;
      }
    }
  }

  /** An index that does not add up would put values into the wrong rows. */
  #finish(): void {
    if (this.#values !== this.chunk.values || this.#rows !== this.chunk.rows) {
      throw new Error(
        `its pages hold ${this.#rows} rows and ${this.#values} values, not ${this.chunk.rows} and ${this.chunk.values}`,
      );
    }
    this.done = true;
  }
}
