/** The buffers of one message of an Arrow file, read and decompressed no sooner than their bytes are wanted. */

import { CompressionType } from 'apache-arrow/fb/compression-type';
import type { ArrowBytes } from './arrow-bytes.ts';
import { decodeLz4Frame } from './arrow-lz4.ts';
import type { BatchHeader, BatchMessage } from './arrow-messages.ts';
import { zstdDecompressor } from './zstd.ts';

/** A body up to this size is read at once: many small reads would take longer. */
const WHOLE_BODY_BYTES = 4 * 2 ** 20;
/** What a decompressed buffer may take: a damaged length must not use up the memory. */
const LARGEST_BUFFER = 2 ** 30;
/** Before a compressed buffer stands the length of its bytes when decompressed; -1 where they are stored as they are. */
const LENGTH_BYTES = 8;

export class ArrowBuffers {
  readonly header: BatchHeader;
  readonly #bytes: ArrowBytes;
  readonly #bodyOffset: number;
  readonly bodyLength: number;
  readonly #unpacked = new Map<number, Uint8Array>();
  #body: Buffer | undefined;
  #zstd: ((input: Uint8Array, length: number) => Uint8Array) | undefined;

  constructor(bytes: ArrowBytes, { header, bodyOffset, bodyLength }: BatchMessage) {
    this.header = header;
    this.#bytes = bytes;
    this.#bodyOffset = bodyOffset;
    this.bodyLength = bodyLength;
  }

  /**
   * Bytes of a buffer. Of an uncompressed one only these are read.
   * @throws Error where the buffer does not hold them
   */
  async slice(index: number, start: number, end: number, signal?: AbortSignal): Promise<Buffer> {
    const region = this.header.buffers[index];
    if (!region) throw new Error('a column lacks a buffer');
    const { offset, length } = region;
    if (offset < 0 || length < 0 || offset + length > this.bodyLength)
      throw new Error('a buffer lies outside its batch');
    if (start === end) return Buffer.alloc(0);
    if (this.header.compression && length > 0) {
      const unpacked = this.#unpacked.get(index) ?? (await this.#unpack(index, offset, length, signal));
      if (end > unpacked.length) throw new Error('a buffer is too short for its rows');
      return Buffer.from(unpacked.buffer, unpacked.byteOffset + start, end - start);
    }
    if (start < 0 || end > length) throw new Error('a buffer is too short for its rows');
    return this.#read(offset + start, end - start, signal);
  }

  async #unpack(index: number, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const packed = await this.#read(offset, length, signal);
    if (length < LENGTH_BYTES) throw new Error('a compressed buffer has no length');
    const unpackedLength = Number(packed.readBigInt64LE(0));
    const input = packed.subarray(LENGTH_BYTES);
    if (unpackedLength < -1 || unpackedLength > LARGEST_BUFFER) {
      throw new Error(`a buffer should decompress to ${unpackedLength} bytes`);
    }
    const unpacked = unpackedLength === -1 ? input : await this.#decompress(input, unpackedLength);
    this.#unpacked.set(index, unpacked);
    return unpacked;
  }

  async #decompress(input: Uint8Array, length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array(0);
    const { type, method } = this.header.compression!;
    if (method !== 0) throw new Error(`compression method ${method} is not known`);
    if (type === CompressionType.LZ4_FRAME) return decodeLz4Frame(input, length);
    if (type !== CompressionType.ZSTD) throw new Error(`compression ${type} is not known`);
    this.#zstd ??= await zstdDecompressor();
    const unpacked = this.#zstd(input, length);
    if (unpacked.length !== length) throw new Error(`a buffer decompresses to ${unpacked.length} bytes, not ${length}`);
    return unpacked;
  }

  async #read(offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    if (this.bodyLength > WHOLE_BODY_BYTES) return this.#bytes.read(this.#bodyOffset + offset, length, signal);
    this.#body ??= await this.#bytes.read(this.#bodyOffset, this.bodyLength, signal);
    return this.#body.subarray(offset, offset + length);
  }
}
