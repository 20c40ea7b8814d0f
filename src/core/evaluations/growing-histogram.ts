/**
 * A histogram of numbers whose range is not known before: bins are a power of two wide and begin at a multiple of it, and
 * are put together by twos until all fit. So the result does not depend on the order of the rows, nor does its size.
 */

import type { Histogram } from './report.ts';

const BINS = 4_096;
const NARROWEST = 2 ** -40;
const SHOWN = 36;
/** Share of the numbers that may lie beyond the ends that are shown: single far ones would press the rest flat. */
const BEYOND = 0.002;

export class GrowingHistogram {
  readonly #title: string;
  readonly #unit: string;
  readonly #names: readonly string[];
  readonly #series: Map<number, number>[];
  #width = NARROWEST;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;

  /** @param names of its series */
  constructor(title: string, unit: string, names: readonly string[]) {
    this.#title = title;
    this.#unit = unit;
    this.#names = names;
    this.#series = names.map(() => new Map());
  }

  add(series: number, value: number): void {
    if (!Number.isFinite(value)) return;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    while (Math.floor(this.#greatest / this.#width) - Math.floor(this.#least / this.#width) >= BINS) this.#widen();
    increase(this.#series[series]!, Math.floor(value / this.#width), 1);
  }

  /** Null where there is nothing to show. */
  histogram(): Histogram | null {
    const total = this.#series.flatMap((bins) => [...bins.values()]).reduce((sum, count) => sum + count, 0);
    if (total === 0) return null;
    const [first, last] = this.#ends(total);
    let per = 1;
    while (Math.floor(last / per) - Math.floor(first / per) >= SHOWN) per *= 2;
    const from = Math.floor(first / per);
    const bins = Math.floor(last / per) - from + 1;
    return {
      title: this.#title,
      unit: this.#unit,
      edges: Array.from({ length: bins + 1 }, (_, bin) => (from + bin) * per * this.#width),
      series: this.#names.map((name, series) => {
        const counts = new Array<number>(bins).fill(0);
        for (const [bin, count] of this.#series[series]!) {
          counts[Math.min(bins - 1, Math.max(0, Math.floor(bin / per) - from))]! += count;
        }
        return { name, counts };
      }),
    };
  }

  #widen(): void {
    this.#width *= 2;
    for (const bins of this.#series) {
      const before = [...bins];
      bins.clear();
      for (const [bin, count] of before) increase(bins, Math.floor(bin / 2), count);
    }
  }

  /** The fine bins between which all but a few numbers lie. */
  #ends(total: number): [first: number, last: number] {
    const all = new Map<number, number>();
    for (const bins of this.#series) for (const [bin, count] of bins) increase(all, bin, count);
    const sorted = [...all].sort(([a], [b]) => a - b);
    const most = (total * BEYOND) / 2;
    return [endOf(sorted, most), endOf(sorted.toReversed(), most)];
  }
}

function endOf(bins: readonly (readonly [bin: number, count: number])[], most: number): number {
  let passed = 0;
  for (const [bin, count] of bins) {
    passed += count;
    if (passed > most) return bin;
  }
  return bins.at(-1)?.[0] ?? 0;
}

const increase = (bins: Map<number, number>, bin: number, count: number): void =>
  void bins.set(bin, (bins.get(bin) ?? 0) + count);
