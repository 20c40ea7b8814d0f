/**
 * Unpacks a Snappy block from its start to its end through a window, so that a page of a hundred megabytes takes about one.
 * The work is done by snappy.wat.
 */

import { grownTo, instantiate, type WebAssemblyMemory } from '../web-assembly.ts';
import { WASM } from './snappy-wasm.ts';

const INPUT = 1024;
const INPUT_BYTES = 2 ** 18;
/** Read and written beyond what counts. */
const SLACK = 128;
const OUTPUT = INPUT + INPUT_BYTES + SLACK;
/** Compressors cut their input into blocks of so many bytes, so that no copy reaches further back. */
const HISTORY = 2 ** 16;
const LEAST_WINDOW = 2 ** 19;
const LONGEST_TAG = 5;

/** The block is damaged, or one of its copies reaches back further than what is kept: it has to be unpacked as a whole. */
export class BeyondWindow extends Error {
  constructor() {
    super('a page is not the Snappy data that it should be');
  }
}

/** What snappy.wat exports. */
interface Exports {
  readonly memory: WebAssemblyMemory;
  readonly at: { value: number };
  readonly out: { value: number };
  unpack(end: number, outEnd: number, base: number): number;
}

/** Fills `into` with the bytes of the file from `start` on. */
export type ReadSync = (into: Uint8Array, start: number) => void;

export class SnappyStream {
  readonly #read: ReadSync;
  readonly #wasm: Exports;
  /** The next byte of the block in the file, and its end. */
  #fileAt: number;
  readonly #fileEnd: number;
  #inputEnd = INPUT;
  /** The next byte that has not been taken. */
  #taken = OUTPUT;
  #window = LEAST_WINDOW;
  #unpacked = 0;
  readonly #length: number;
  #memory: Buffer;

  /**
   * @param start of the block in the file, `end` exclusive
   * @param length of what it unpacks to, as its page says
   * @throws Error where the block says another length
   */
  constructor(read: ReadSync, start: number, end: number, length: number) {
    this.#read = read;
    this.#fileAt = start;
    this.#fileEnd = end;
    this.#length = length;
    this.#wasm = instantiate<Exports>(WASM);
    this.#memory = this.#makeRoom();
    new Int32Array(this.#wasm.memory.buffer, 0, 256).set(TAGS);
    this.#wasm.at.value = INPUT;
    this.#wasm.out.value = OUTPUT;
    this.#refill();
    if (this.#lengthInFront() !== length) throw new BeyondWindow();
  }

  /**
   * The next bytes, at least as many as wanted, without taking them; valid until the next call.
   * @throws Error where the block ends before
   */
  peek(wanted: number): Buffer {
    const left = this.#length - this.#unpacked + this.#wasm.out.value - this.#taken;
    if (wanted > left) throw new BeyondWindow();
    while (this.#wasm.out.value - this.#taken < wanted) this.#unpackMore(wanted);
    return this.#memory.subarray(this.#taken, this.#wasm.out.value);
  }

  take(bytes: number): void {
    this.#taken += bytes;
  }

  /** @throws Error where something is left */
  end(): void {
    const all = this.#unpacked === this.#length && this.#fileAt === this.#fileEnd;
    if (!all || this.#wasm.at.value !== this.#inputEnd || this.#taken !== this.#wasm.out.value)
      throw new BeyondWindow();
  }

  #unpackMore(wanted: number): void {
    if (this.#wasm.out.value >= OUTPUT + HISTORY + this.#window) this.#shift(wanted);
    if (this.#inputEnd - this.#wasm.at.value < LONGEST_TAG) this.#refill();
    const before = this.#wasm.out.value;
    const input = this.#wasm.at.value;
    if (this.#wasm.unpack(this.#inputEnd, OUTPUT + HISTORY + this.#window, OUTPUT) !== 0) throw new BeyondWindow();
    this.#unpacked += this.#wasm.out.value - before;
    // Then all that is left of the input is the beginning of an element.
    const stuck = this.#wasm.out.value === before && this.#wasm.at.value === input;
    if (this.#unpacked > this.#length || (stuck && this.#fileAt === this.#fileEnd)) throw new BeyondWindow();
    if (stuck) this.#refill();
  }

  /** Moves what is still needed to the start of the window, and widens it where that is not enough. */
  #shift(wanted: number): void {
    const { out } = this.#wasm;
    const kept = Math.min(this.#taken, Math.max(OUTPUT, out.value - HISTORY));
    this.#memory.copyWithin(OUTPUT, kept, out.value);
    this.#taken -= kept - OUTPUT;
    out.value -= kept - OUTPUT;
    const needed = this.#taken - OUTPUT + wanted;
    if (needed <= HISTORY + this.#window) return;
    while (needed > HISTORY + this.#window) this.#window *= 2;
    this.#memory = this.#makeRoom();
  }

  #refill(): void {
    const left = this.#inputEnd - this.#wasm.at.value;
    this.#memory.copyWithin(INPUT, this.#wasm.at.value, this.#inputEnd);
    const bytes = Math.min(INPUT_BYTES - left, this.#fileEnd - this.#fileAt);
    this.#read(this.#memory.subarray(INPUT + left, INPUT + left + bytes), this.#fileAt);
    this.#fileAt += bytes;
    this.#wasm.at.value = INPUT;
    this.#inputEnd = INPUT + left + bytes;
  }

  #lengthInFront(): number {
    let length = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#memory[this.#wasm.at.value++]!;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return length;
    }
    return Number.NaN;
  }

  #makeRoom(): Buffer {
    return grownTo(this.#wasm.memory, OUTPUT + HISTORY + this.#window + SLACK);
  }
}

/** What each tag says, as snappy.wat reads it. */
const TAGS = Int32Array.from({ length: 256 }, (_, tag) => {
  const high = tag >> 2;
  switch (tag & 3) {
    case 0:
      return high < 60 ? entry(high + 1, high + 2) : -1;
    case 1:
      return entry(4 + (high & 7), 2, (tag >> 5) << 8);
    case 2:
      return entry(high + 1, 3);
    default:
      return -1;
  }
});

function entry(length: number, toNext: number, offset = 0): number {
  return length | (toNext << 8) | (offset << 16);
}
