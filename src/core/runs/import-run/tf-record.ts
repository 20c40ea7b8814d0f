/**
 * TFRecord framing, as TensorBoard's event files have it: length (uint64, little-endian), masked CRC-32C of the length,
 * the bytes, masked CRC-32C of the bytes. Source: "TFRecords format details" of tensorflow.org/tutorials/load_data/tfrecord.
 */

import type { FileHandle } from 'node:fs/promises';

const HEADER_BYTES = 12;
const FOOTER_BYTES = 4;
/** An event of scalars has a few hundred bytes; images and histograms of real logs stay far below. */
const LARGEST_RECORD = 256 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export type RecordOrProblem = { readonly record: Buffer } | { readonly problem: string };

/** The records in order. After a damaged length nothing can be found any more; a damaged record is passed over. */
export async function* readRecords(handle: FileHandle): AsyncGenerator<RecordOrProblem> {
  const bytes = new BufferedBytes(handle);
  for (let index = 0; ; index += 1) {
    const header = await bytes.take(HEADER_BYTES);
    if (header.length === 0) return;
    if (header.length < HEADER_BYTES) {
      yield { problem: `record ${index}: cut off` };
      return;
    }
    const length = Number(header.readBigUInt64LE(0));
    if (maskedCrc32c(header.subarray(0, 8)) !== header.readUInt32LE(8) || length > LARGEST_RECORD) {
      yield { problem: `record ${index}: its length is damaged; what follows cannot be read` };
      return;
    }
    const body = await bytes.take(length + FOOTER_BYTES);
    if (body.length < length + FOOTER_BYTES) {
      yield { problem: `record ${index}: cut off` };
      return;
    }
    const record = body.subarray(0, length);
    if (maskedCrc32c(record) === body.readUInt32LE(length)) yield { record };
    else yield { problem: `record ${index}: its checksum does not fit` };
  }
}

/** Reads a file from its start in large pieces, handed out in small ones. */
class BufferedBytes {
  readonly #handle: FileHandle;
  #held: Buffer = Buffer.alloc(0);
  #position = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Fewer bytes than asked for only at the end of the file. */
  async take(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const chunk = Buffer.alloc(Math.max(CHUNK_BYTES, length - this.#held.length));
      const { bytesRead } = await this.#handle.read(chunk, 0, chunk.length, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      this.#held = Buffer.concat([this.#held, chunk.subarray(0, bytesRead)]);
    }
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }
}

/** Reflected Castagnoli polynomial (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  return rest >>> 0;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A checksum of data that itself holds checksums is rotated and shifted, so that it stays a good one. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
