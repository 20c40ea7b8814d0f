/** Repetition and definition levels, and dictionary indexes: Parquet's hybrid of runs and bit-packed groups. */

/** Bits that hold a number up to `most`. */
export function bitWidth(most: number): number {
  return 32 - Math.clz32(most);
}

/**
 * Decodes `count` numbers of `width` bits.
 * @throws Error where the bytes end before the numbers do
 */
export function decodeHybrid<T extends Uint8Array | Int32Array>(bytes: Uint8Array, width: number, out: T): T {
  if (width === 0) return out;
  if (width > 32) throw new Error(`numbers of ${width} bits`);
  let done = 0;
  eachRun(bytes, width, out.length, (at, length, packed) => {
    if (packed) unpack(bytes, at, width, out, done, length);
    else out.fill(runValue(bytes, at, width), done, done + length);
    done += length;
  });
  return out;
}

/** Levels of the deprecated encoding BIT_PACKED: no runs, the highest bit first. */
export function decodeBitPacked(bytes: Uint8Array, width: number, out: Uint8Array): Uint8Array {
  for (let index = 0, bit = 0; index < out.length; index++) {
    let value = 0;
    for (let k = 0; k < width; k++, bit++) value = (value << 1) | ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1);
    out[index] = value;
  }
  return out;
}

/** Where the row starts among the values of a column are kept. */
export interface RowStartSink {
  /** Values `from` to `to` (exclusive) each begin a row. */
  mark(from: number, to: number): void;
  /** Eight values from `from` on: those whose bit is set begin a row. */
  markBits(from: number, bits: number): void;
}

/** Bits set in each byte. */
export const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

/**
 * Counts the rows that begin among `values` repetition levels, without keeping the levels.
 * @param sink is told which values begin a row, counted from `firstValue`
 */
export function countRowStarts(
  bytes: Uint8Array,
  width: number,
  values: number,
  firstValue: number,
  sink: RowStartSink | undefined,
): { rows: number; beginsRow: boolean } {
  const mask = 2 ** width - 1;
  let rows = 0;
  let seen = 0;
  let beginsRow = false;
  eachRun(bytes, width, values, (at, length, packed) => {
    const from = firstValue + seen;
    if (seen === 0) beginsRow = (packed ? bytes[at]! & mask : runValue(bytes, at, width)) === 0;
    seen += length;
    if (!packed) {
      if (runValue(bytes, at, width) !== 0) return;
      rows += length;
      sink?.mark(from, from + length);
      return;
    }
    for (let index = 0; index < length; index += 8) {
      const starts = zerosOfEight(bytes, at, index, width) & (255 >> Math.max(0, 8 - (length - index)));
      rows += ONES[starts]!;
      sink?.markBits(from + index, starts);
    }
  });
  return { rows, beginsRow };
}

/** Which of the eight numbers from `index` on are 0, a bit each. */
function zerosOfEight(bytes: Uint8Array, at: number, index: number, width: number): number {
  if (width === 1) return ~bytes[at + (index >> 3)]! & 255;
  const mask = (1 << width) - 1;
  let zeros = 0;
  for (let k = 0, bit = index * width; k < 8; k++, bit += width) {
    const byte = at + (bit >> 3);
    const number = ((bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8)) >> (bit & 7);
    if ((number & mask) === 0) zeros |= 1 << k;
  }
  return zeros;
}

/** Walks the runs until `count` numbers are seen; the last run may promise more than there are (padding). */
function eachRun(
  bytes: Uint8Array,
  width: number,
  count: number,
  visit: (at: number, length: number, packed: boolean) => void,
): void {
  const runBytes = (width + 7) >> 3;
  let at = 0;
  for (let seen = 0; seen < count; ) {
    let head = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 28) throw cutOff();
      head += (byte & 127) * scale;
      if (byte < 128) break;
    }
    const packed = head % 2 === 1;
    const promised = Math.floor(head / 2) * (packed ? 8 : 1);
    const length = Math.min(promised, count - seen);
    if (length === 0) throw cutOff();
    // A writer may leave out the padding bytes of its last group.
    const needed = packed ? Math.ceil((length * width) / 8) : runBytes;
    if (at + needed > bytes.length) throw cutOff();
    visit(at, length, packed);
    seen += length;
    at += packed ? (promised / 8) * width : runBytes;
  }
}

function runValue(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let byte = 0; byte < (width + 7) >> 3; byte++) value |= bytes[at + byte]! << (8 * byte);
  return value;
}

function unpack(
  bytes: Uint8Array,
  at: number,
  width: number,
  out: Uint8Array | Int32Array,
  from: number,
  length: number,
) {
  if (width === 1) {
    for (let index = 0; index < length; index++) out[from + index] = (bytes[at + (index >> 3)]! >> (index & 7)) & 1;
    return;
  }
  const mask = width === 32 ? -1 : (1 << width) - 1;
  let buffer = 0n;
  if (width > 24) {
    // More than 24 bits and an offset of 7 do not fit 32 bits.
    for (let index = 0, next = at, bits = 0; index < length; index++) {
      for (; bits < width; bits += 8) buffer |= BigInt(bytes[next++] ?? 0) << BigInt(bits);
      out[from + index] = Number(buffer & BigInt(mask >>> 0));
      buffer >>= BigInt(width);
      bits -= width;
    }
    return;
  }
  for (let index = 0, next = at, bits = 0, word = 0; index < length; index++) {
    for (; bits < width; bits += 8) word |= (bytes[next++] ?? 0) << bits;
    out[from + index] = word & mask;
    word >>>= width;
    bits -= width;
  }
}

function cutOff(): Error {
  return new Error('the levels or indexes of a page end too early');
}
