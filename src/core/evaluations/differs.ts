import type { Measure } from '../methods/evaluation.ts';

/** Where the interval of a slice does not hold the value of all rows: which way. */
export function differs(slice: Measure | undefined, whole: Measure | undefined): 'better' | 'worse' | null {
  if (!slice || !whole) return null;
  const [low, high] = slice.interval;
  if (low > whole.value) return slice.better === 'higher' ? 'better' : 'worse';
  if (high < whole.value) return slice.better === 'higher' ? 'worse' : 'better';
  return null;
}
