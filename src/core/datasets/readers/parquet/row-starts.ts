/** Which values of a list column begin a row: one bit a value, as its repetition levels say. */

import { ONES, type RowStartSink } from './levels.ts';

/** Counts are kept every so many bytes, so that counting up to a value takes few steps. */
const BLOCK_BYTES = 512;

export class RowStarts implements RowStartSink {
  #bits = new Uint8Array(BLOCK_BYTES);
  /** Row starts before each block, up to the block that is being marked. */
  readonly #before: number[] = [0];

  /** Values `from` to `to` (exclusive) begin a row each. Marks come in order. */
  mark(from: number, to: number): void {
    this.#grow(to);
    for (let value = from; value < to; value++) this.#bits[value >> 3]! |= 1 << (value & 7);
  }

  markBits(from: number, bits: number): void {
    this.#grow(from + 16);
    const shifted = bits << (from & 7);
    this.#bits[from >> 3]! |= shifted & 255;
    if (shifted > 255) this.#bits[(from >> 3) + 1]! |= shifted >> 8;
  }

  has(value: number): boolean {
    return (((this.#bits[value >> 3] ?? 0) >> (value & 7)) & 1) === 1;
  }

  /** How many rows begin before `value`; everything before it must have been marked. */
  countBefore(value: number): number {
    const bytes = value >> 3;
    const block = Math.floor(bytes / BLOCK_BYTES);
    while (this.#before.length <= block) {
      const last = this.#before.length - 1;
      this.#before.push(this.#before[last]! + this.#ones(last * BLOCK_BYTES, (last + 1) * BLOCK_BYTES));
    }
    const rest = value & 7 ? ONES[(this.#bits[bytes] ?? 0) & ((1 << (value & 7)) - 1)]! : 0;
    return this.#before[block]! + this.#ones(block * BLOCK_BYTES, bytes) + rest;
  }

  #grow(values: number): void {
    if (values <= this.#bits.length * 8) return;
    const longer = new Uint8Array(Math.max(this.#bits.length * 2, Math.ceil(values / 8)));
    longer.set(this.#bits);
    this.#bits = longer;
  }

  #ones(from: number, to: number): number {
    let ones = 0;
    for (let byte = from; byte < Math.min(to, this.#bits.length); byte++) ones += ONES[this.#bits[byte]!]!;
    return ones;
  }
}
