/**
 * Decodes an LZ4 frame, the compression that Feather files have by default. The LZ4 decoders at hand take single blocks,
 * but blocks of a frame refer to the ones before them. Format: lz4_Frame_format.md and lz4_Block_format.md of LZ4.
 */

import { xxh32 } from './arrow-xxhash.ts';

const MAGIC = 0x184d2204;
const STORED = 0x80000000;

/**
 * @param length of the decoded bytes, which the file says
 * @throws Error where the frame is damaged or does not decode to `length` bytes; its checksums are verified
 */
export function decodeLz4Frame(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const { at: begin, blockChecksums, contentChecksum } = readHeader(input, view);
  const output = new Uint8Array(length);
  let filled = 0;
  let at = begin;
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const size = word & ~STORED;
    if (at + size > input.length) throw new Error('an LZ4 block is cut off');
    const block = input.subarray(at, at + size);
    at += size;
    if (blockChecksums) {
      if (view.getUint32(at, true) !== xxh32(block)) throw new Error('the checksum of an LZ4 block is wrong');
      at += 4;
    }
    if (word >= STORED) {
      if (filled + size > length) throw new Error('LZ4 data decodes to more than it should');
      output.set(block, filled);
      filled += size;
    } else filled = decodeBlock(block, output, filled);
  }
  if (filled !== length) throw new Error(`LZ4 data decodes to ${filled} bytes, not ${length}`);
  if (contentChecksum && view.getUint32(at, true) !== xxh32(output))
    throw new Error('the checksum of LZ4 data is wrong');
  return output;
}

function readHeader(input: Uint8Array, view: DataView) {
  if (view.getUint32(0, true) !== MAGIC) throw new Error('this is not an LZ4 frame');
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1) throw new Error(`LZ4 frames of version ${flags >> 6} are not known`);
  const at = 6 + (flags & 0b1000 ? 8 : 0) + (flags & 1 ? 4 : 0);
  if (((xxh32(input.subarray(4, at)) >>> 8) & 0xff) !== view.getUint8(at)) {
    throw new Error('the checksum of an LZ4 header is wrong');
  }
  if (flags & 1) throw new Error('LZ4 data needs a dictionary');
  return { at: at + 1, blockChecksums: (flags & 0b10000) !== 0, contentChecksum: (flags & 0b100) !== 0 };
}

/** @returns how far `output` is filled; a match may reach back into what earlier blocks wrote */
function decodeBlock(block: Uint8Array, output: Uint8Array, from: number): number {
  let read = 0;
  let write = from;
  const lengthFrom = (nibble: number): number => {
    let total = nibble;
    if (nibble !== 15) return total;
    for (;;) {
      const more = block[read++];
      if (more === undefined) throw new Error('an LZ4 block is cut off');
      total += more;
      if (more !== 255) return total;
    }
  };
  while (read < block.length) {
    const token = block[read++]!;
    const literals = lengthFrom(token >> 4);
    if (read + literals > block.length || write + literals > output.length) throw new Error('LZ4 literals run over');
    output.set(block.subarray(read, read + literals), write);
    read += literals;
    write += literals;
    // The last sequence is literals only.
    if (read === block.length) return write;
    if (read + 2 > block.length) throw new Error('an LZ4 block is cut off');
    const distance = block[read]! | (block[read + 1]! << 8);
    read += 2;
    const match = lengthFrom(token & 15) + 4;
    if (distance === 0 || distance > write || write + match > output.length) throw new Error('an LZ4 match runs over');
    if (distance >= match) output.copyWithin(write, write - distance, write - distance + match);
    else for (let index = 0; index < match; index++) output[write + index] = output[write + index - distance]!;
    write += match;
  }
  return write;
}
