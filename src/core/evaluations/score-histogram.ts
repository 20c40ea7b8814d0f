/**
 * A histogram of numbers whose range is not known before. They are counted to a part in two thousand of their size, which
 * keeps what is held small, and the bins to show are cut when all are there; so the order of the rows decides nothing.
 */

import type { Histogram } from './report.ts';

/** Of the steps in which a number is counted, to the next power of two. */
const STEPS = 2_048;
/** What is smaller is 0. */
const LEAST = 2 ** -30;
const SHOWN = 36;
/** Share of the numbers that may lie beyond the ends that are shown: single far ones would press the rest flat. */
const BEYOND = 0.002;

export class ScoreHistogram {
  readonly #title: string;
  readonly #unit: string;
  readonly #names: readonly string[];
  readonly #series: Map<number, number>[];

  /** @param names of its series */
  constructor(title: string, unit: string, names: readonly string[]) {
    this.#title = title;
    this.#unit = unit;
    this.#names = names;
    this.#series = names.map(() => new Map());
  }

  add(series: number, value: number): void {
    if (Number.isFinite(value)) increase(this.#series[series]!, steppedDown(value), 1);
  }

  /** Null where there is nothing to show. */
  histogram(): Histogram | null {
    const all = new Map<number, number>();
    for (const counts of this.#series) for (const [value, count] of counts) increase(all, value, count);
    if (all.size === 0) return null;
    const [first, last] = endsOf(all);
    const width = widthOf(first, last);
    const from = Math.floor(first / width);
    const bins = Math.floor(last / width) - from + 1;
    return {
      title: this.#title,
      unit: this.#unit,
      edges: Array.from({ length: bins + 1 }, (_, bin) => (from + bin) * width),
      series: this.#names.map((name, series) => {
        const counts = new Array<number>(bins).fill(0);
        for (const [value, count] of this.#series[series]!) {
          counts[Math.min(bins - 1, Math.max(0, Math.floor(value / width) - from))]! += count;
        }
        return { name, counts };
      }),
    };
  }
}

function steppedDown(value: number): number {
  const size = Math.abs(value);
  if (size < LEAST) return 0;
  const step = 2 ** Math.floor(Math.log2(size)) / STEPS;
  return Math.floor(value / step) * step;
}

/** A power of two, whose multiples are the edges: 0 is always one of them, and so no bin is on both sides of it. */
function widthOf(first: number, last: number): number {
  const rough = last > first ? (last - first) / SHOWN : Math.max(Math.abs(first), 1) / SHOWN;
  let width = 2 ** Math.floor(Math.log2(rough));
  while (Math.floor(last / width) - Math.floor(first / width) >= SHOWN) width *= 2;
  return width;
}

/** Between these lie all but a few. */
function endsOf(counts: ReadonlyMap<number, number>): [first: number, last: number] {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const most = (total * BEYOND) / 2;
  return [endOf(sorted, most), endOf(sorted.toReversed(), most)];
}

function endOf(counts: readonly (readonly [value: number, count: number])[], most: number): number {
  let passed = 0;
  const found = counts.find(([, count]) => {
    passed += count;
    return passed > most;
  });
  return found?.[0] ?? 0;
}

const increase = (counts: Map<number, number>, value: number, by: number): void =>
  void counts.set(value, (counts.get(value) ?? 0) + by);
