/** Sets of rows as bits: ten million rows take 1.25 MB, so a finding can keep all of its rows and not only the first. */

const ROWS_SHOWN = 10;

/** Zero-based rows in ascending order. */
export class RowSet implements Iterable<number> {
  #words = new Uint32Array(32);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(row: number): void {
    const word = row >>> 5;
    if (word >= this.#words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
      grown.set(this.#words);
      this.#words = grown;
    }
    const bit = 1 << (row & 31);
    if ((this.#words[word]! & bit) !== 0) return;
    this.#words[word]! |= bit;
    this.#size++;
  }

  has(row: number): boolean {
    return ((this.#words[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  }

  *[Symbol.iterator](): Generator<number> {
    for (const [index, word] of this.#words.entries()) {
      if (word === 0) continue;
      for (let bit = 0; bit < 32; bit++) if ((word & (1 << bit)) !== 0) yield index * 32 + bit;
    }
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
}

/** Counts records, of which a row may hold several, and keeps their rows. */
export class RowTally {
  count = 0;
  readonly rows = new RowSet();

  add(row: number): void {
    this.count++;
    this.rows.add(row);
  }
}
