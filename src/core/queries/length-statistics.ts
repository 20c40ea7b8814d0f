/** Minimum, median, mean, maximum and a histogram of lengths, from how often each length occurs. */

import type { LengthStatistics } from './questions.ts';

export interface LengthCount {
  readonly length: number;
  readonly count: number;
}

const MOST_BINS = 30;

/** @param counts in ascending order of length; null where there are none */
export function lengthStatistics(counts: readonly LengthCount[], of: LengthStatistics['of']): LengthStatistics | null {
  const [first] = counts;
  const last = counts.at(-1);
  if (!first || !last) return null;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const mean = counts.reduce((sum, { length, count }) => sum + length * count, 0) / total;
  const binWidth = Math.max(1, Math.ceil((last.length - first.length + 1) / MOST_BINS));
  const bins = Array.from({ length: Math.floor((last.length - first.length) / binWidth) + 1 }, () => 0);
  for (const { length, count } of counts) {
    const bin = Math.floor((length - first.length) / binWidth);
    bins[bin] = (bins[bin] ?? 0) + count;
  }
  const median = (lengthAt(counts, Math.floor((total - 1) / 2)) + lengthAt(counts, Math.floor(total / 2))) / 2;
  return { of, min: first.length, median, mean, max: last.length, bins, binWidth };
}

/** The length at a place, counted from 0, when all are in order. */
function lengthAt(counts: readonly LengthCount[], place: number): number {
  let before = 0;
  for (const { length, count } of counts) {
    before += count;
    if (place < before) return length;
  }
  return Number.NaN;
}
