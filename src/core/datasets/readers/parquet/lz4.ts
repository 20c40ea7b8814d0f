/** LZ4 blocks; see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md. */

/**
 * Decompresses a block until `length` bytes have come out or the input ends, which may be inside the block.
 * @returns the bytes, and how many of the input were used
 */
export function decompressLz4Block(input: Uint8Array, length: number): { bytes: Uint8Array; used: number } {
  const out = new Uint8Array(length);
  let at = 0;
  let filled = 0;
  const longer = (start: number) => {
    let total = start;
    for (let byte = 255; start === 15 && byte === 255 && at < input.length; total += byte) byte = input[at++]!;
    return total;
  };
  while (at < input.length && filled < length) {
    const token = input[at++]!;
    const literals = longer(token >> 4);
    const taken = Math.min(literals, length - filled, input.length - at);
    out.set(input.subarray(at, at + taken), filled);
    filled += taken;
    at += taken;
    if (taken < literals || at + 2 > input.length) break;
    const offset = input[at]! | (input[at + 1]! << 8);
    if (offset === 0 || offset > filled) throw new Error('a page is not the LZ4 data that it should be');
    at += 2;
    const end = Math.min(length, filled + longer(token & 15) + 4);
    for (; filled < end; filled++) out[filled] = out[filled - offset]!;
  }
  return { bytes: out.subarray(0, filled), used: at };
}

/** @throws Error unless the block gives exactly `length` bytes */
export function decompressLz4(input: Uint8Array, length: number): Uint8Array {
  // Room for one byte more shows whether there would be more.
  const { bytes, used } = decompressLz4Block(input, length + 1);
  if (bytes.length !== length || used !== input.length) throw new Error('a page is not the LZ4 data that it should be');
  return bytes;
}

/**
 * The deprecated codec LZ4: Hadoop's framing, blocks each behind their uncompressed and compressed length (big-endian); some
 * writers left the framing out.
 */
export function decompressHadoopLz4(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const out = new Uint8Array(length);
  let filled = 0;
  for (let at = 0; at < input.length; ) {
    const uncompressed = at + 8 <= input.length ? view.getUint32(at) : length + 1;
    const compressed = at + 8 <= input.length ? view.getUint32(at + 4) : 0;
    if (uncompressed > length - filled || at + 8 + compressed > input.length) return decompressLz4(input, length);
    out.set(decompressLz4(input.subarray(at + 8, at + 8 + compressed), uncompressed), filled);
    filled += uncompressed;
    at += 8 + compressed;
  }
  if (filled !== length) throw new Error('a page is not the LZ4 data that it should be');
  return out;
}
