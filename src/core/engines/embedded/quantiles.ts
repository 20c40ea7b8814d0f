/** The 101 quantiles that a model keeps of its training scores, and the percentile of a new score among them. */

import type { Quantiles } from './model.ts';

/** Quantiles at 0 %, 1 %, ... 100 %, linear between order statistics (Hyndman and Fan 1996, type 7), as float32. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from({ length: 101 }, (_, percent) => {
    const position = ((sorted.length - 1) * percent) / 100;
    const below = Math.floor(position);
    const low = sorted[below]!;
    const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return Math.fround(low + (high - low) * (position - below));
  });
}

/** Percentile of a value, 0 to 100, linear between the quantiles; the middle of the range where several are equal. */
export function percentile(value: number, known: Quantiles): number {
  const last = known.length - 1;
  const percents = 100 / last;
  if (value < known[0]!) return 0;
  if (value > known[last]!) return 100;
  let below = -1; // the last quantile < value
  while (below < last && known[below + 1]! < value) below++;
  if (known[below + 1] === value) {
    let equal = below + 1;
    while (equal < last && known[equal + 1] === value) equal++;
    return ((below + 1 + equal) / 2) * percents;
  }
  const low = known[below]!;
  return (below + (value - low) / (known[below + 1]! - low)) * percents;
}
