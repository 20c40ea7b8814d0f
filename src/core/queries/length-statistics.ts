/** Minimum, median, mean, maximum and a histogram of lengths, from how often each length occurs. */

import type { LengthStatistics } from './questions.ts';

export interface LengthCount {
  readonly length: number;
  readonly count: number;
}

const MOST_BINS = 30;

/** @param counts in ascending order of length; null where there are none */
export function lengthStatistics(counts: readonly LengthCount[], of: LengthStatistics['of']): LengthStatistics | null {
  const binned = binnedLengths(counts);
  if (!binned) return null;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const mean = counts.reduce((sum, { length, count }) => sum + length * count, 0) / total;
  const median = (lengthAt(counts, Math.floor((total - 1) / 2)) + lengthAt(counts, Math.floor(total / 2))) / 2;
  return { of, median, mean, ...binned };
}

/** @param counts in ascending order of length */
export function binnedLengths(
  counts: readonly LengthCount[],
): Pick<LengthStatistics, 'min' | 'max' | 'bins' | 'binWidth'> | undefined {
  const min = counts[0]?.length;
  const max = counts.at(-1)?.length;
  if (min === undefined || max === undefined) return undefined;
  const binWidth = Math.max(1, Math.ceil((max - min + 1) / MOST_BINS));
  const bins = Array.from({ length: Math.floor((max - min) / binWidth) + 1 }, () => 0);
  for (const { length, count } of counts) {
    const bin = Math.floor((length - min) / binWidth);
    bins[bin] = (bins[bin] ?? 0) + count;
  }
  return { min, max, bins, binWidth };
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
