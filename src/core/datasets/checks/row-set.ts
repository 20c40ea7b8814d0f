/** Sets of rows as bits: ten million rows take 1.25 MB, so a finding can keep all of its rows and not only the first. */

import type { Mergeable } from './seen.ts';

const ROWS_SHOWN = 10;

/** Zero-based rows in ascending order. */
export class RowSet implements Iterable<number>, Mergeable<Uint32Array> {
  #words = new Uint32Array(32);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(row: number): void {
    const word = row >>> 5;
    this.#makeRoom(word + 1);
    const bit = 1 << (row & 31);
    if ((this.#words[word]! & bit) !== 0) return;
    this.#words[word]! |= bit;
    this.#size++;
  }

  has(row: number): boolean {
    return ((this.#words[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  }

  [Symbol.iterator](): Generator<number> {
    return rowsOf(this.#words);
  }

  /** The first rows that a report names. */
  first(most = ROWS_SHOWN): number[] {
    const rows: number[] = [];
    for (const row of this) {
      if (rows.length === most) break;
      rows.push(row);
    }
    return rows;
  }

  pack(): Uint32Array {
    return this.#words;
  }

  merge(words: Uint32Array, firstRow: number): void {
    const first = firstRow >>> 5;
    const shift = firstRow & 31;
    let length = words.length;
    while (length > 0 && words[length - 1] === 0) length--;
    this.#makeRoom(first + length + 1);
    for (let index = 0; index < length; index++) {
      const word = words[index]!;
      if (word === 0) continue;
      this.#addWord(first + index, word << shift);
      if (shift > 0) this.#addWord(first + index + 1, word >>> (32 - shift));
    }
  }

  #addWord(place: number, word: number): void {
    const known = this.#words[place]!;
    this.#size += bitsIn(word & ~known);
    this.#words[place] = known | word;
  }

  #makeRoom(words: number): void {
    if (words <= this.#words.length) return;
    const grown = new Uint32Array(Math.max(words, this.#words.length * 2));
    grown.set(this.#words);
    this.#words = grown;
  }
}

function bitsIn(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function* rowsOf(words: Uint32Array): Generator<number> {
  for (const [index, word] of words.entries()) {
    if (word === 0) continue;
    for (let bit = 0; bit < 32; bit++) if ((word & (1 << bit)) !== 0) yield index * 32 + bit;
  }
}

interface PackedTally {
  readonly count: number;
  readonly rows: Uint32Array;
}

/** Counts records, of which a row may hold several, and keeps their rows. */
export class RowTally implements Mergeable<PackedTally> {
  count = 0;
  readonly rows = new RowSet();

  add(row: number): void {
    this.count++;
    this.rows.add(row);
  }

  pack(): PackedTally {
    return { count: this.count, rows: this.rows.pack() };
  }

  merge({ count, rows }: PackedTally, firstRow: number): void {
    this.count += count;
    this.rows.merge(rows, firstRow);
  }
}

/** Tallies by name, in the order in which the names came up. */
export class RowTallies implements Mergeable<ReadonlyMap<string, PackedTally>> {
  readonly #tallies = new Map<string, RowTally>();

  get size(): number {
    return this.#tallies.size;
  }

  add(name: string, row: number): void {
    this.#of(name).add(row);
  }

  /** The commonest first. */
  descending(): [string, RowTally][] {
    return [...this.#tallies].sort(([, a], [, b]) => b.count - a.count);
  }

  pack(): ReadonlyMap<string, PackedTally> {
    return new Map([...this.#tallies].map(([name, tally]) => [name, tally.pack()]));
  }

  merge(packed: ReadonlyMap<string, PackedTally>, firstRow: number): void {
    for (const [name, tally] of packed) this.#of(name).merge(tally, firstRow);
  }

  #of(name: string): RowTally {
    let tally = this.#tallies.get(name);
    if (!tally) {
      tally = new RowTally();
      this.#tallies.set(name, tally);
    }
    return tally;
  }
}
