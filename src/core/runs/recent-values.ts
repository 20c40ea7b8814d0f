/** The newest numbers of a series, and what is usual among them. */

/** The most that anything here looks back on. */
const KEPT = 100;

/** The newest numbers of a series, and how many there were in all. */
export class RecentValues {
  readonly #ring = new Float64Array(KEPT);
  #count = 0;

  push(value: number): void {
    this.#ring[this.#count % KEPT] = value;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** The newest `n`, oldest first; fewer where there are no more. */
  last(n: number): number[] {
    const length = Math.min(n, KEPT, this.#count);
    return Array.from({ length }, (_, index) => this.#ring[(this.#count - length + index) % KEPT]!);
  }
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
