/**
 * The first bytes of a compressed page without decompressing it whole: the repetition levels of a V1 page stand there, and
 * say which rows it holds.
 */

import zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { decompressLz4Block } from './lz4.ts';
import { decompressSnappyStart } from './snappy-start.ts';

/** Gives the first `length` bytes of the page as stored, fewer where it ends. */
export type BodyBytes = (length: number) => Promise<Uint8Array>;
export type Decompress = (input: Uint8Array, length: number) => Uint8Array;

const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_BLOCK = 131_072;

export interface PackedPage {
  readonly codec: CompressionCodec;
  readonly bodyBytes: number;
  readonly uncompressedBytes: number;
  readonly body: BodyBytes;
  /** Decompresses a whole page of this codec. */
  readonly decompress: Decompress;
}

/**
 * At least the first `wanted` uncompressed bytes.
 * @throws Error where the page is shorter or damaged
 */
export async function startOfPage(page: PackedPage, wanted: number): Promise<Uint8Array> {
  if (wanted > page.uncompressedBytes) throw new Error('the levels of a page run past its end');
  const start = await decompressStart(page, wanted);
  if (start.length < wanted) throw new Error('a page is shorter than its header says');
  return start;
}

async function decompressStart(page: PackedPage, wanted: number): Promise<Uint8Array> {
  switch (page.codec) {
    case 'UNCOMPRESSED':
      return page.body(wanted);
    case 'ZSTD':
      return zstdStart(page, wanted);
    case 'SNAPPY':
      return growing(page, wanted, (input) => decompressSnappyStart(input, wanted));
    case 'LZ4_RAW':
      return growing(page, wanted, (input) => decompressLz4Block(input, wanted).bytes);
    case 'GZIP':
      return growing(page, wanted, (input) => zlib.gunzipSync(input, { finishFlush: zlib.constants.Z_SYNC_FLUSH }));
    case 'BROTLI':
      return growing(page, wanted, (input) =>
        zlib.brotliDecompressSync(input, { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH }),
      );
    default:
      return page.decompress(await page.body(page.bodyBytes), page.uncompressedBytes);
  }
}

/** Decompresses more and more of the body until enough has come out. */
async function growing(page: PackedPage, wanted: number, decompress: (input: Uint8Array) => Uint8Array) {
  for (let length = wanted + (wanted >> 2) + 512; ; length *= 4) {
    const output = decompress(await page.body(Math.min(length, page.bodyBytes)));
    if (output.length >= wanted || length >= page.bodyBytes) return output;
  }
}

/**
 * A zstd frame cut after its first blocks, the last of them marked as the last, behind a fresh frame header that promises
 * neither a size nor a checksum, is itself a whole frame, which any decoder takes.
 */
async function zstdStart(page: PackedPage, wanted: number): Promise<Uint8Array> {
  for (let blocks = Math.ceil(wanted / ZSTD_BLOCK); ; blocks *= 2) {
    const { frame, whole } = await firstBlocks(page.body, blocks);
    const output = page.decompress(frame, Math.min(blocks * ZSTD_BLOCK, Math.max(page.uncompressedBytes, 1)));
    if (output.length >= wanted || whole) return output;
  }
}

async function firstBlocks(body: BodyBytes, blocks: number): Promise<{ frame: Uint8Array; whole: boolean }> {
  let bytes = asBuffer(await body(18 + 3));
  if (bytes.length < 9 || bytes.readUInt32LE(0) !== ZSTD_MAGIC) throw zstdDamaged();
  const descriptor = bytes[4]!;
  const singleSegment = (descriptor >> 5) & 1;
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3]!;
  const contentSizeBytes = [singleSegment, 2, 4, 8][descriptor >> 6]!;
  const start = 5 + (1 - singleSegment) + dictionaryIdBytes + contentSizeBytes;
  let end = start;
  let lastHeader = start;
  let last = false;
  for (let block = 0; block < blocks && !last; block++) {
    bytes = asBuffer(await body(end + 3));
    if (bytes.length < end + 3) throw zstdDamaged();
    const header = bytes.readUIntLE(end, 3);
    const type = (header >> 1) & 3;
    if (type === 3) throw zstdDamaged();
    last = (header & 1) === 1;
    lastHeader = end;
    end += 3 + (type === 1 ? 1 : header >> 3);
  }
  bytes = asBuffer(await body(end));
  if (bytes.length < end) throw zstdDamaged();
  const windowLog = Math.max(17, Math.ceil(Math.log2(blocks * ZSTD_BLOCK)));
  const frame = Buffer.alloc(6 + end - start);
  frame.writeUInt32LE(ZSTD_MAGIC, 0);
  frame[5] = (windowLog - 10) << 3;
  bytes.copy(frame, 6, start, end);
  frame[6 + lastHeader - start]! |= 1;
  return { frame, whole: last };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function zstdDamaged(): Error {
  return new Error('a page is not the zstd data that it should be');
}
