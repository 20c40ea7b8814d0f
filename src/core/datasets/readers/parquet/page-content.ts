/** What a data page holds, decoded but not yet converted: levels and raw values. */

import zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { Leaf } from './leaves.ts';
import { bitWidth, decodeBitPacked, decodeHybrid } from './levels.ts';
import { ENCODING, type PageHeader } from './page-header.ts';
import type { Decompress } from './page-prefix.ts';
import { PlainByteArrays } from './plain-byte-arrays.ts';

/** Values as stored: numbers, bigints, booleans or bytes; or places in the dictionary. */
export interface RawValues {
  readonly length: number;
  at(index: number): unknown;
}

export interface PageContent {
  /** How many levels, which is how many values with the nulls and the empty lists. */
  readonly count: number;
  /** Absent where every level is the highest, or the only one. */
  readonly definition: Uint8Array | undefined;
  /** Absent outside lists. */
  readonly repetition: Uint8Array | undefined;
  readonly raw: RawValues;
  /** Whether `raw` are places in the dictionary. */
  readonly inDictionary: boolean;
  /** Uncompressed bytes of the page. */
  readonly bytes: number;
}

export interface PageDecoder {
  readonly leaf: Leaf;
  readonly codec: CompressionCodec;
  readonly decompress: Decompress;
}

/** @throws Error where the body is not the one the header was written for */
export function verifyChecksum(header: PageHeader, body: Uint8Array): void {
  if (header.crc === undefined || zlib.crc32(body) === header.crc) return;
  throw new Error(
    `the checksum of a ${header.kind === 'dictionary' ? 'dictionary ' : ''}page does not match its content`,
  );
}

export function decodeDictionary(header: PageHeader, body: Uint8Array, decoder: PageDecoder): RawValues {
  const page = unpacked(body, header.uncompressedBytes, decoder);
  return plainValues(page, header.values, decoder.leaf);
}

export function decodePage(header: PageHeader, body: Uint8Array, decoder: PageDecoder): PageContent {
  const { leaf } = decoder;
  const { values: count, uncompressedBytes: bytes } = header;
  const levels = header.v2 ? levelsOfV2(header, body, leaf) : undefined;
  const page = levels ? valuesOfV2(header, body, decoder) : unpacked(body, header.uncompressedBytes, decoder);
  const { repetition, definition, end } = levels ?? levelsOfV1(header, page, leaf);
  const present = definition ? countOf(definition, leaf.maxDefinition) : count;
  if (header.v2 && header.v2.nulls !== count - present)
    throw new Error('a page has not as many nulls as its header says');
  const inDictionary = header.encoding === ENCODING.plainDictionary || header.encoding === ENCODING.rleDictionary;
  const raw = decodeValues(page.subarray(end), header.encoding, present, leaf);
  if (raw.length !== present) throw new Error(`a page holds ${raw.length} values, not ${present}`);
  return { count, definition: present === count ? undefined : definition, repetition, raw, inDictionary, bytes };
}

function levelsOfV1(header: PageHeader, page: Uint8Array, leaf: Leaf) {
  let end = 0;
  const next = (most: number, encoding: number): Uint8Array | undefined => {
    if (most === 0) return undefined;
    const width = bitWidth(most);
    const out = new Uint8Array(header.values);
    if (encoding === ENCODING.bitPacked) {
      const bytes = Math.ceil((header.values * width) / 8);
      if (end + bytes > page.length) throw new Error('the levels of a page run past its end');
      end += bytes;
      return decodeBitPacked(page.subarray(end - bytes, end), width, out);
    }
    if (encoding !== ENCODING.rle) throw new Error(`its levels have the unknown encoding ${encoding}`);
    if (end + 4 > page.length) throw new Error('the levels of a page run past its end');
    const length = new DataView(page.buffer, page.byteOffset + end).getUint32(0, true);
    const start = end + 4;
    end = start + length;
    if (end > page.length) throw new Error('the levels of a page run past its end');
    return inRange(decodeHybrid(page.subarray(start, end), width, out), most);
  };
  const repetition = next(leaf.maxRepetition, header.repetitionEncoding);
  const definition = next(leaf.maxDefinition, header.definitionEncoding);
  return { repetition, definition, end };
}

function levelsOfV2({ v2, values }: PageHeader, body: Uint8Array, leaf: Leaf) {
  const { repetitionBytes, definitionBytes } = v2!;
  if (repetitionBytes + definitionBytes > body.length) throw new Error('the levels of a page run past its end');
  const decode = (bytes: Uint8Array, most: number) =>
    most === 0 ? undefined : inRange(decodeHybrid(bytes, bitWidth(most), new Uint8Array(values)), most);
  const repetition = decode(body.subarray(0, repetitionBytes), leaf.maxRepetition);
  const levelBytes = repetitionBytes + definitionBytes;
  const definition = decode(body.subarray(repetitionBytes, levelBytes), leaf.maxDefinition);
  return { repetition, definition, end: 0 };
}

function valuesOfV2(header: PageHeader, body: Uint8Array, decoder: PageDecoder): Uint8Array {
  const { repetitionBytes, definitionBytes, compressed, nulls } = header.v2!;
  const levelBytes = repetitionBytes + definitionBytes;
  const packed = body.subarray(levelBytes);
  // A page of nulls only may hold nothing at all, not even an empty compressed block.
  if (!compressed || (packed.length === 0 && nulls === header.values)) return packed;
  return unpacked(packed, header.uncompressedBytes - levelBytes, decoder);
}

function decodeValues(bytes: Uint8Array, encoding: number, count: number, leaf: Leaf): RawValues {
  const { type, type_length: width } = leaf.element;
  if (count === 0) return [];
  if (encoding === ENCODING.plain) return plainValues(bytes, count, leaf);
  // No reader can run on into what lies behind the values.
  const values = exact(bytes);
  const reader = { view: new DataView(values.buffer), offset: 0 };
  switch (encoding) {
    case ENCODING.plainDictionary:
    case ENCODING.rleDictionary:
      return decodeHybrid(bytes.subarray(1), bytes[0] ?? 0, new Int32Array(count));
    case ENCODING.rle:
      // Booleans behind their length.
      if (type !== 'BOOLEAN') break;
      return decodeHybrid(bytes.subarray(4), 1, new Uint8Array(count));
    case ENCODING.deltaBinaryPacked: {
      const out = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
      deltaBinaryUnpack(reader, count, out);
      return out;
    }
    case ENCODING.deltaLengthByteArray:
    case ENCODING.deltaByteArray: {
      const out = new Array<Uint8Array>(count);
      (encoding === ENCODING.deltaByteArray ? deltaByteArray : deltaLengthByteArray)(reader, count, out);
      return out;
    }
    case ENCODING.byteStreamSplit:
      refuseOtherLength(bytes, count, leaf);
      return byteStreamSplit(reader, count, type!, width) as unknown as RawValues;
  }
  throw new Error(`its values have the encoding ${encoding}, which is not known for ${type}`);
}

function plainValues(bytes: Uint8Array, count: number, leaf: Leaf): RawValues {
  const { element } = leaf;
  refuseOtherLength(bytes, count, leaf);
  if (element.type === 'BYTE_ARRAY') return new PlainByteArrays(owned(bytes), count);
  const reader = { view: new DataView(exact(bytes).buffer), offset: 0 };
  if (element.type === 'BOOLEAN' && bytes.length * 8 < count) throw new Error('a page is shorter than its header says');
  return readPlain(reader, element.type!, count, element.type_length) as unknown as RawValues;
}

const WIDTHS: Readonly<Record<string, number | undefined>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

/** Values of one width fill a page exactly: what is left over was written as something else. */
function refuseOtherLength(bytes: Uint8Array, count: number, { element }: Leaf): void {
  const width = element.type === 'FIXED_LEN_BYTE_ARRAY' ? element.type_length : WIDTHS[element.type ?? ''];
  if (width !== undefined && bytes.length !== width * count) throw new Error('the values of a page do not fill it');
}

function unpacked(body: Uint8Array, length: number, { codec, decompress }: PageDecoder): Uint8Array {
  const page = codec === 'UNCOMPRESSED' ? body : length === 0 ? new Uint8Array() : decompress(body, length);
  if (page.length !== length) throw new Error(`a page has ${page.length} bytes, not ${length}`);
  return page;
}

/** The bytes in a buffer that holds little else, which would stay in memory with them. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength <= 2 * bytes.byteLength ? bytes : exact(bytes);
}

/** The bytes in a buffer of their own. */
function exact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

function inRange(levels: Uint8Array, most: number): Uint8Array {
  for (const level of levels) if (level > most) throw new Error('a level is higher than the schema allows');
  return levels;
}

function countOf(levels: Uint8Array, wanted: number): number {
  let found = 0;
  for (const level of levels) if (level === wanted) found++;
  return found;
}
