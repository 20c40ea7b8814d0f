/** The start of a Snappy block; see https://github.com/google/snappy/blob/main/format_description.txt. */

/** Decompresses until `length` bytes have come out or the input ends, which may be inside the block. */
export function decompressSnappyStart(input: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  let filled = 0;
  const number = (bytes: number) => {
    let value = 0;
    for (let byte = 0; byte < bytes; byte++) value += (input[at++] ?? 0) * 2 ** (8 * byte);
    return value;
  };
  while (at < input.length && input[at]! > 127) at++;
  at++; // the uncompressed length, which the page header has too
  while (filled < length && at < input.length) {
    const tag = input[at++]!;
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const literal = 1 + (short < 60 ? short : number(short - 59));
      const taken = Math.min(literal, length - filled, input.length - at);
      if (taken <= 0) break;
      out.set(input.subarray(at, at + taken), filled);
      filled += taken;
      at += literal;
      continue;
    }
    const oneByte = (tag & 3) === 1;
    const copied = oneByte ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset = oneByte ? ((tag >> 5) << 8) + number(1) : number((tag & 3) === 2 ? 2 : 4);
    if (at > input.length) break;
    if (offset === 0 || offset > filled) throw new Error('a page is not the Snappy data that it should be');
    const end = Math.min(length, filled + copied);
    for (; filled < end; filled++) out[filled] = out[filled - offset]!;
  }
  return out.subarray(0, filled);
}
