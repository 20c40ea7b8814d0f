/** What one chart draws: the curves of one quantity, over all runs that are shown. */

import type { BaselineLine, KnownMetric } from '../../../src/core/runs/metric-names.ts';
import type { Points } from '../../../src/protocol/run-panel.ts';
import type { RunStyle } from './run-style.ts';

export interface Line {
  readonly folder: string;
  readonly run: string;
  readonly style: RunStyle;
  readonly metric: KnownMetric;
  readonly raw: Points;
  readonly smooth: Points | null;
  readonly superseded: readonly Points[];
}

export interface Mark {
  readonly x: number;
  readonly label: string;
  readonly style: RunStyle;
}

/** What stands for the line: the smoothed curve where there is one. */
export const shown = (line: Line): Points => line.smooth ?? line.raw;

/** The point nearest to x; undefined where there is none. */
export function nearest({ x, y }: Points, at: number): { x: number; y: number } | undefined {
  if (x.length === 0) return undefined;
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < at) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  const point = Math.abs(x[before]! - at) <= Math.abs(x[low]! - at) ? before : low;
  return { x: x[point]!, y: y[point]! };
}

/** The same, but nothing where the run has not come that far, or begins later. */
export function valueAt(points: Points, at: number, tolerance: number): { x: number; y: number } | undefined {
  const found = nearest(points, at);
  return found && Math.abs(found.x - at) <= tolerance ? found : undefined;
}

/** Least and greatest finite value between two places of the x axis. */
export function yExtent(lines: readonly Line[], from: number, to: number, positive: boolean): [number, number] | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  const see = ({ x, y }: Points) => {
    for (let point = 0; point < x.length; point += 1) {
      const value = y[point]!;
      if (x[point]! < from || x[point]! > to || !Number.isFinite(value) || (positive && value <= 0)) continue;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  };
  for (const { raw, smooth } of lines) {
    see(raw);
    if (smooth) see(smooth);
  }
  return least <= greatest ? [least, greatest] : null;
}

/** Baselines near the values are shown with them; far away they would press the curve flat. */
export function withBaselines(
  extent: readonly [number, number] | null,
  baselines: readonly BaselineLine[],
): readonly [number, number] | null {
  if (!extent) return null;
  const [least, greatest] = extent;
  const reach = Math.max(greatest - least, Math.abs(greatest) * 0.1);
  const near = baselines.map(({ value }) => value).filter((value) => value > least - reach && value < greatest + reach);
  return [Math.min(least, ...near), Math.max(greatest, ...near)];
}

/** The scale's ends: a little room around the values, and no more than the quantity can be. */
export function yRange(
  extent: readonly [number, number] | null,
  domain: readonly [number, number] | undefined,
  logarithmic: boolean,
): [number, number] {
  if (!extent) return logarithmic ? [0.1, 1] : ((domain?.slice() as [number, number] | undefined) ?? [0, 1]);
  const [least, greatest] = extent;
  if (logarithmic) return least === greatest ? [least / 2, greatest * 2] : [least / 1.1, greatest * 1.1];
  const room = least === greatest ? Math.abs(least) * 0.1 || 0.5 : (greatest - least) * 0.06;
  const low = domain ? Math.max(domain[0], least - room) : least - room;
  const high = domain ? Math.min(domain[1], greatest + room) : greatest + room;
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}
