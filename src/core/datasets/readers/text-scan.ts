/** The memory of text-scan.wat: texts are looked through where they lie in it. */

import { NUMBERS } from '../known-texts.ts';
import { WASM } from './text-scan-wasm.ts';
import { grownTo, instantiate, type WebAssemblyMemory } from './web-assembly.ts';

/** Read and written beyond what counts. */
const SLACK = 64;

interface Exports {
  readonly memory: WebAssemblyMemory;
  line(at: number, end: number, template: number, values: number, out: number, room: number): number;
  texts(at: number, count: number, out: number): void;
}

export class TextScan {
  readonly #wasm = instantiate<Exports>(WASM);
  /** All of the memory, also as numbers; both are new after `makeRoom`. */
  bytes = grownTo(this.#wasm.memory, 0);
  numbers = new Int32Array(this.#wasm.memory.buffer);

  /** @returns whether the memory had to grow */
  makeRoom(bytes: number): boolean {
    if (bytes + SLACK <= this.bytes.length) return false;
    this.bytes = grownTo(this.#wasm.memory, bytes + SLACK);
    this.numbers = new Int32Array(this.#wasm.memory.buffer);
    return true;
  }

  line(at: number, end: number, template: number, values: number, out: number, room: number): number {
    return this.#wasm.line(at, end, template, values, out, room);
  }

  texts(at: number, count: number, out: number): void {
    this.#wasm.texts(at, count, out);
  }
}

export const NUMBER_BYTES = NUMBERS * 4;
