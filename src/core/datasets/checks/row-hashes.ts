/**
 * A log of hashes with the row of each, 12 bytes an entry: what repeats is found in all of it at the end, so that ranges of
 * rows can be read by several threads, and joining them is taking over what they have logged.
 */

import type { Mergeable } from './seen.ts';

const NUMBERS = 3;
const CHUNK_ENTRIES = 2 ** 14;
/** A mark takes three bits beside the row. */
const MARKS = 8;

type PackedHashes = readonly Uint32Array[];

/** Entries whose rows are counted from `firstRow`. */
interface Part {
  readonly firstRow: number;
  readonly chunks: PackedHashes;
}

export class RowHashes implements Mergeable<PackedHashes> {
  readonly #merged: Part[] = [];
  /** What was added since. */
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
    for (const { firstRow, chunks } of [...this.#merged, { firstRow: 0, chunks: this.pack() }]) {
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length; at += NUMBERS) {
          const place = chunk[at + 2]!;
          visit(chunk[at]!, chunk[at + 1]!, firstRow + Math.floor(place / MARKS), place % MARKS);
        }
      }
    }
  }

  /** What was added here: a thread that gathers merges nothing. */
  pack(): PackedHashes {
    return this.#chunks.map((chunk, index) =>
      index === this.#chunks.length - 1 ? chunk.subarray(0, this.#filled) : chunk,
    );
  }

  merge(chunks: PackedHashes, firstRow: number): void {
    this.#merged.push({ firstRow, chunks });
    for (const chunk of chunks) this.#size += chunk.length / NUMBERS;
  }
}
