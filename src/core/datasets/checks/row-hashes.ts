/**
 * A log of hashes with the row of each, 12 bytes an entry: what repeats is found in all of it at the end, so that ranges of
 * rows can be read by several threads, and joining them is appending.
 */

import type { Mergeable } from './seen.ts';

const NUMBERS = 3;
const CHUNK_ENTRIES = 2 ** 14;
/** A mark takes three bits beside the row. */
const MARKS = 8;

type PackedHashes = readonly Uint32Array[];

export class RowHashes implements Mergeable<PackedHashes> {
  #chunks: Uint32Array[] = [];
  #filled = CHUNK_ENTRIES * NUMBERS;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param mark 0 to 7 */
  add(low: number, high: number, row: number, mark = 0): void {
    if (this.#filled === CHUNK_ENTRIES * NUMBERS) {
      this.#chunks.push(new Uint32Array(CHUNK_ENTRIES * NUMBERS));
      this.#filled = 0;
    }
    const chunk = this.#chunks.at(-1)!;
    chunk[this.#filled] = low;
    chunk[this.#filled + 1] = high;
    chunk[this.#filled + 2] = row * MARKS + mark;
    this.#filled += NUMBERS;
    this.#size++;
  }

  /** In the order in which they were added. */
  forEach(visit: (low: number, high: number, row: number, mark: number) => void): void {
    for (const chunk of this.pack()) {
      for (let at = 0; at < chunk.length; at += NUMBERS) {
        const place = chunk[at + 2]!;
        visit(chunk[at]!, chunk[at + 1]!, Math.floor(place / MARKS), place % MARKS);
      }
    }
  }

  pack(): PackedHashes {
    return this.#chunks.map((chunk, index) =>
      index === this.#chunks.length - 1 ? chunk.subarray(0, this.#filled) : chunk,
    );
  }

  merge(packed: PackedHashes, firstRow: number): void {
    for (const chunk of packed) {
      for (let at = 0; at < chunk.length; at += NUMBERS) {
        const place = chunk[at + 2]!;
        this.add(chunk[at]!, chunk[at + 1]!, firstRow + Math.floor(place / MARKS), place % MARKS);
      }
    }
  }
}
