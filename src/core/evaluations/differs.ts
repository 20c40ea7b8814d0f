import type { Measure } from '../methods/evaluation.ts';

/** Fewer rows have an interval that says little, of a mean none at all. */
const LEAST_ROWS = 10;

/** Where the interval of a slice does not hold the value of all rows: which way. Of fewer than ten rows nothing is said. */
export function differs(slice: Measure | undefined, whole: Measure | undefined): 'better' | 'worse' | null {
  if (!slice || !whole || slice.n < LEAST_ROWS) return null;
  const [low, high] = slice.interval;
  if (low > whole.value) return slice.better === 'higher' ? 'better' : 'worse';
  if (high < whole.value) return slice.better === 'higher' ? 'worse' : 'better';
  return null;
}
