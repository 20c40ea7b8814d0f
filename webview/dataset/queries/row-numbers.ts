/** Row numbers that arrive in parts, kept without a number object each. */

export class RowNumbers {
  #rows: Uint32Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 1_024) {
    this.#rows = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  append(part: Uint32Array): void {
    if (this.#length + part.length > this.#rows.length) {
      const larger = new Uint32Array(Math.max(this.#rows.length * 2, this.#length + part.length));
      larger.set(this.#rows.subarray(0, this.#length));
      this.#rows = larger;
    }
    this.#rows.set(part, this.#length);
    this.#length += part.length;
  }

  /** @returns undefined beyond the end */
  at(index: number): number | undefined {
    return index >= 0 && index < this.#length ? this.#rows[index] : undefined;
  }

  /** Of ascending rows: how many are less than this one. */
  countBefore(row: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where a row stands, in any order. */
  indexOf(row: number): number | undefined {
    const index = this.#rows.subarray(0, this.#length).indexOf(row);
    return index < 0 ? undefined : index;
  }
}
