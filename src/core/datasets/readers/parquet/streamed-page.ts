/**
 * A large page of texts that is read from its first row to its last: some writers (DuckDB) put a whole row group into one
 * page, which unpacked takes a hundred megabytes and more.
 */

import type { ParquetBytes } from '../parquet-bytes.ts';
import type { Leaf } from './leaves.ts';
import { bitWidth, decodeHybrid } from './levels.ts';
import type { PageContent } from './page-content.ts';
import { ENCODING, HeaderCutOff, type PageHeader, parsePageHeader } from './page-header.ts';
import type { PageRun } from './page-locations.ts';
import { PlainByteArrays } from './plain-byte-arrays.ts';
import { SnappyStream } from './snappy-stream.ts';

/** Below, a page is quickly read as a whole. */
const LARGE_BYTES = 2 ** 20;
/** Where a header is longer, because it has long texts as statistics, the page is read as a whole. */
const HEADER_BYTES = 2 ** 12;
/** Rows that are passed over together. */
const ROWS_AT_ONCE = 512;

export class StreamedPage {
  readonly run: PageRun;
  readonly #stream: SnappyStream;
  readonly #leaf: Leaf;
  readonly #definition: Uint8Array | undefined;
  #row: number;

  /** Undefined for a page that is not of the kind for it. */
  static open(run: PageRun, leaf: Leaf, codec: string, bytes: ParquetBytes): StreamedPage | undefined {
    if (run.bytes < LARGE_BYTES || codec !== 'SNAPPY' || bytes.readSync === undefined) return undefined;
    if (leaf.maxRepetition > 0 || leaf.element.type !== 'BYTE_ARRAY') return undefined;
    const start = new Uint8Array(HEADER_BYTES);
    bytes.readSync(start, run.offset);
    const header = headerIn(start);
    if (header === undefined) return undefined;
    const isWhole = header.headerBytes + header.bodyBytes === run.bytes && header.values === run.endRow - run.firstRow;
    const isPlain = header.kind === 'data' && header.encoding === ENCODING.plain && header.crc === undefined;
    if (!isWhole || !isPlain || (leaf.maxDefinition > 0 && header.definitionEncoding !== ENCODING.rle))
      return undefined;
    const first = run.offset + header.headerBytes;
    const read = bytes.readSync.bind(bytes);
    const stream = new SnappyStream(read, first, first + header.bodyBytes, header.uncompressedBytes);
    return new StreamedPage(run, stream, header, leaf);
  }

  private constructor(run: PageRun, stream: SnappyStream, header: PageHeader, leaf: Leaf) {
    this.run = run;
    this.#stream = stream;
    this.#leaf = leaf;
    this.#row = run.firstRow;
    this.#definition = leaf.maxDefinition === 0 ? undefined : this.#levels(header.values);
  }

  /** The first row that can still be read. */
  get row(): number {
    return this.#row;
  }

  /**
   * @param from a row of the row group from `row` on, `to` exclusive
   * @returns the rows as a page of their own, valid until the next call
   */
  read(from: number, to: number): PageContent {
    for (let row = this.#row; row < from; row += ROWS_AT_ONCE) {
      this.#stream.take(this.#find(this.#present(row, Math.min(row + ROWS_AT_ONCE, from))).length);
    }
    const count = this.#present(from, to);
    const bytes = this.#find(count);
    this.#stream.take(bytes.length);
    this.#row = to;
    const { firstRow, endRow } = this.run;
    if (to === endRow) this.#stream.end();
    const definition = this.#definition?.subarray(from - firstRow, to - firstRow);
    const raw = new PlainByteArrays(bytes, count);
    return { count: to - from, definition, repetition: undefined, raw, inDictionary: false, bytes: bytes.length };
  }

  /** So many values that follow, each behind its length. */
  #find(values: number): Buffer {
    let bytes = this.#stream.peek(0);
    let length = 0;
    for (let value = 0; value < values; value++) {
      if (length + 4 > bytes.length) bytes = this.#stream.peek(length + 4);
      length += 4 + bytes.readUInt32LE(length);
    }
    return (length > bytes.length ? this.#stream.peek(length) : bytes).subarray(0, length);
  }

  #present(from: number, to: number): number {
    if (!this.#definition) return to - from;
    const { firstRow } = this.run;
    let found = 0;
    for (let row = from; row < to; row++) {
      if (this.#definition[row - firstRow] === this.#leaf.maxDefinition) found++;
    }
    return found;
  }

  #levels(values: number): Uint8Array | undefined {
    const most = this.#leaf.maxDefinition;
    const length = this.#stream.peek(4).readUInt32LE();
    const bytes = this.#stream.peek(4 + length).subarray(4, 4 + length);
    const levels = decodeHybrid(bytes, bitWidth(most), new Uint8Array(values));
    this.#stream.take(4 + length);
    if (levels.some((level) => level > most)) throw new Error('a level is higher than the schema allows');
    return levels.every((level) => level === most) ? undefined : levels;
  }
}

function headerIn(bytes: Uint8Array): PageHeader | undefined {
  try {
    return parsePageHeader(bytes);
  } catch (error) {
    if (error instanceof HeaderCutOff) return undefined;
    throw error;
  }
}
