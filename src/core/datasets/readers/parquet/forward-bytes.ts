/** Reads a file in small steps forward, a few kilobytes at a time. */

import type { ParquetBytes } from '../parquet-bytes.ts';

export class ForwardBytes {
  /** Ends a reading that has to be waited for. */
  signal: AbortSignal | undefined;
  readonly #file: ParquetBytes;
  #start = 0;
  #held: Uint8Array = new Uint8Array();
  #space = new Uint8Array();

  constructor(file: ParquetBytes) {
    this.#file = file;
  }

  /**
   * The bytes from `offset` on, fewer where `end` comes first. They are valid until the next call.
   * @param ahead how many to read where reading is needed
   */
  async get(offset: number, length: number, ahead: number, end: number): Promise<Uint8Array> {
    const wanted = Math.min(length, end - offset);
    if (offset < this.#start || offset + wanted > this.#start + this.#held.length) {
      this.#held = await this.#read(offset, Math.min(offset + Math.max(wanted, ahead), end));
      this.#start = offset;
    }
    return this.#held.subarray(offset - this.#start, offset - this.#start + wanted);
  }

  async #read(start: number, end: number): Promise<Uint8Array> {
    if (!this.#file.readSync) return new Uint8Array(await this.#file.slice(start, end, this.signal));
    if (this.#space.length < end - start) this.#space = new Uint8Array(end - start);
    const into = this.#space.subarray(0, end - start);
    this.#file.readSync(into, start);
    return into;
  }
}
