/** Strokes one curve into a plot: what lies outside of it is left out, and so are the gaps of a dashed line. */

import type uPlot from 'uplot';
import type { Points } from '../../../src/protocol/run-panel.ts';

/** A canvas without a graphics card takes longer to dash a line than to draw it: points this dense are dashed along x. */
const DENSE_PIXELS = 2;

/** A value that is not finite breaks the line. */
export function strokeCurve(plot: uPlot, points: Points, dash: readonly number[], scale: number): void {
  const { ctx, bbox } = plot;
  const [from, to] = visible(points, plot.scales.x!.min ?? 0, plot.scales.x!.max ?? 0);
  if (from === to) return;
  const scaled = dash.map((length) => length * scale);
  const dense = scaled.length > 0 && bbox.width / (to - from) < DENSE_PIXELS * scale;
  ctx.setLineDash(dense ? [] : scaled);
  ctx.beginPath();
  const toLeft = place(plot, 'x');
  const toTop = place(plot, 'y');
  const inGap = dense ? gapsAlong(scaled) : undefined;
  const { x, y } = points;
  let broken = true;
  for (let point = from; point < to; point += 1) {
    const top = toTop(y[point]!);
    const left = toLeft(x[point]!);
    if (!Number.isFinite(top) || inGap?.(left)) {
      broken = true;
      continue;
    }
    if (broken) ctx.moveTo(left, top);
    else ctx.lineTo(left, top);
    broken = false;
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

/** The points between two places of the x axis, and the next one on each side, so that the line goes on to the edges. */
function visible({ x }: Points, from: number, to: number): [number, number] {
  const start = firstAt(x, from);
  let end = firstAt(x, to);
  while (end < x.length && x[end] === to) end += 1;
  return [Math.max(0, start - 1), Math.min(x.length, end + 1)];
}

function firstAt(x: Points['x'], limit: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a place lies in a gap of the dashes, which are counted in pixels from the left. */
function gapsAlong(dash: readonly number[]): (left: number) => boolean {
  const period = dash.reduce((sum, length) => sum + length, 0);
  return (left) => {
    let rest = left % period;
    for (let part = 0; part < dash.length; part += 1) {
      if (rest < dash[part]!) return part % 2 === 1;
      rest -= dash[part]!;
    }
    return true;
  };
}

/** What `valToPos` does, worked out once for all points of a linear scale. */
function place(plot: uPlot, scale: 'x' | 'y'): (value: number) => number {
  const { min, max, distr } = plot.scales[scale]!;
  if (distr === 3 || min == null || max == null) return (value) => plot.valToPos(value, scale, true);
  const start = plot.valToPos(min, scale, true);
  const slope = (plot.valToPos(max, scale, true) - start) / (max - min);
  return (value) => start + (value - min) * slope;
}
