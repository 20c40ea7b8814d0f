/** A curve with fewer points that looks the same: the least and the greatest value of each column of pixels. */

export interface CurveWindow {
  /** Ascending; points whose x is not finite must have been left out. */
  readonly x: (point: number) => number;
  readonly y: (point: number) => number;
  readonly count: number;
}

/**
 * Numbers of the points to draw between `from` and `to`, ascending: of every bucket the least and the greatest, and the
 * points next to the range on both sides, so that the line goes on to the edges. All of them where they are few. Of
 * points whose y is not finite one a bucket is kept, where the line breaks.
 */
export function decimate({ x, y, count }: CurveWindow, from: number, to: number, buckets: number): number[] {
  const start = firstAt(x, count, from);
  const end = firstAbove(x, count, to);
  const kept: number[] = start > 0 ? [start - 1] : [];
  if (end - start <= 2 * buckets) {
    for (let point = start; point < end; point += 1) kept.push(point);
  } else {
    const width = (to - from) / buckets;
    for (let point = start, bucket = 0; point < end; bucket += 1) {
      const next = bucket === buckets - 1 ? end : firstAt(x, end, from + (bucket + 1) * width, point);
      if (next > point) keepExtremes(y, point, next, kept);
      point = next;
    }
  }
  if (end < count) kept.push(end);
  return kept;
}

function keepExtremes(y: CurveWindow['y'], start: number, end: number, kept: number[]): void {
  let least = -1;
  let greatest = -1;
  let broken = -1;
  for (let point = start; point < end; point += 1) {
    const value = y(point);
    if (!Number.isFinite(value)) broken = point;
    else {
      if (least < 0 || value < y(least)) least = point;
      if (greatest < 0 || value > y(greatest)) greatest = point;
    }
  }
  const points = [...new Set([least, greatest, broken])].filter((point) => point >= 0);
  kept.push(...points.sort((a, b) => a - b));
}

/** The first point from `low` on with x >= limit. */
function firstAt(x: CurveWindow['x'], count: number, limit: number, low = 0): number {
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x(middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(x: CurveWindow['x'], count: number, limit: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
