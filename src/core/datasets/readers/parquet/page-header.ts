/**
 * The header in front of every Parquet page, in Thrift's compact protocol; see PageHeader in
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
 */

export type PageKind = 'data' | 'data-v2' | 'dictionary' | 'index';

/** The encodings by their numbers in the format. */
export const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  bitPacked: 4,
  deltaBinaryPacked: 5,
  deltaLengthByteArray: 6,
  deltaByteArray: 7,
  rleDictionary: 8,
  byteStreamSplit: 9,
} as const;

export interface PageHeader {
  readonly kind: PageKind;
  /** Bytes of the header itself; the body follows. */
  readonly headerBytes: number;
  readonly bodyBytes: number;
  readonly uncompressedBytes: number;
  /** CRC-32 of the body as stored, unsigned, where the writer noted one. */
  readonly crc: number | undefined;
  /** Values of the page, nulls and empty lists included; of a dictionary its entries. */
  readonly values: number;
  readonly encoding: number;
  readonly repetitionEncoding: number;
  readonly definitionEncoding: number;
  /** What only a V2 page says: its levels stand uncompressed in front of the body. */
  readonly v2:
    | {
        readonly nulls: number;
        readonly rows: number;
        readonly definitionBytes: number;
        readonly repetitionBytes: number;
        readonly compressed: boolean;
      }
    | undefined;
}

/** The bytes end inside the header: more of them are needed. */
export class HeaderCutOff extends Error {
  constructor() {
    super('a page header is cut off');
  }
}

const KINDS: readonly (PageKind | undefined)[] = ['data', 'index', 'dictionary', 'data-v2'];
const DEEPEST = 8;
const LONGEST_LIST = 65_536;
const LARGEST = 2 ** 31 - 1;

type Struct = Map<number, unknown>;

/**
 * @throws HeaderCutOff when `bytes` end inside the header
 * @throws Error when this is no page header
 */
export function parsePageHeader(bytes: Uint8Array): PageHeader {
  const thrift = new CompactReader(bytes);
  const header = thrift.struct(0);
  const kind = KINDS[count(header, 1)];
  if (!kind) throw invalid();
  const v2 = kind === 'data-v2' ? struct(header, 8) : undefined;
  const details = v2 ?? struct(header, kind === 'data' ? 5 : kind === 'dictionary' ? 7 : 6);
  const crc = header.get(4);
  return {
    kind,
    headerBytes: thrift.at,
    uncompressedBytes: count(header, 2),
    bodyBytes: count(header, 3),
    crc: typeof crc === 'number' ? crc >>> 0 : undefined,
    values: kind === 'index' ? 0 : count(details, 1),
    encoding: kind === 'index' ? 0 : count(details, v2 ? 4 : 2),
    definitionEncoding: kind === 'data' ? count(details, 3) : ENCODING.rle,
    repetitionEncoding: kind === 'data' ? count(details, 4) : ENCODING.rle,
    v2: v2 && {
      nulls: count(v2, 2),
      rows: count(v2, 3),
      definitionBytes: count(v2, 5),
      repetitionBytes: count(v2, 6),
      compressed: v2.get(7) !== false,
    },
  };
}

function struct(of: Struct, field: number): Struct {
  const value = of.get(field);
  if (!(value instanceof Map)) throw invalid();
  return value;
}

function count(of: Struct, field: number): number {
  const value = of.get(field);
  if (typeof value !== 'number' || value < 0 || value > LARGEST) throw invalid();
  return value;
}

function invalid(): Error {
  return new Error('there is no page header where one should be');
}

class CompactReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(depth: number): Struct {
    if (depth > DEEPEST) throw invalid();
    const fields: Struct = new Map();
    for (let id = 0; ; ) {
      const head = this.#byte();
      const type = head & 15;
      if (type === 0) return fields;
      id = head >> 4 ? id + (head >> 4) : this.#zigzag();
      fields.set(id, this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): unknown {
    switch (type) {
      case 1:
        return true;
      case 2:
        return false;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        return this.#skip(8);
      case 8:
        return this.#skip(this.#varint());
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw invalid();
    }
  }

  #list(depth: number): undefined {
    const head = this.#byte();
    const length = head >> 4 === 15 ? this.#varint() : head >> 4;
    if (length > LONGEST_LIST) throw invalid();
    // A list spends a byte on a boolean; a field keeps it in its type.
    const type = (head & 15) < 3 ? 3 : head & 15;
    for (let index = 0; index < length; index++) this.#value(type, depth + 1);
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new HeaderCutOff();
    this.at++;
    return byte;
  }

  #skip(length: number): undefined {
    this.at += length;
    if (this.at > this.#bytes.length) throw new HeaderCutOff();
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (scale > 2 ** 63) throw invalid();
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}
