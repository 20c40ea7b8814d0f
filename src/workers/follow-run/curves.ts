/** Curves of a run for the width of a chart. */

import { decimate } from '../../core/runs/decimate.ts';
import type { MetricCurve, MetricHistory } from '../../core/runs/metric-history.ts';
import type { Curve, CurvesAnswer, CurvesRequest, Points, XAxis } from '../../protocol/run-panel.ts';
import type { FollowedRun } from './followed-run.ts';

/** Superseded stretches beyond these many are old news; the newest are drawn. */
const MOST_STRETCHES = 20;

export function curvesOf(run: FollowedRun, request: CurvesRequest): CurvesAnswer {
  const { history } = run;
  const column = columnOf(history, request.x);
  const extent = extentOf(history, column);
  const [from, to] = request.range ?? extent ?? [0, 0];
  const buckets = Math.max(1, Math.min(8_000, Math.floor(request.buckets)));
  const curves: Curve[] = [];
  for (const metric of request.metrics) {
    const curve = history.curves.get(metric);
    if (!curve) continue;
    const { index, value } = curve;
    const points = (y: Float64Array, at: Uint32Array, count: number): Points =>
      drawn(column, at, y, count, from, to, buckets);
    const raw = points(value.data, index.data, value.length);
    const smooth =
      request.smoothing > 0 && request.smoothing < 1
        ? points(run.smoothed(metric, request.smoothing), index.data, value.length)
        : null;
    const superseded = curve.superseded
      .slice(-MOST_STRETCHES)
      .map((stretch) => points(stretch.value, stretch.index, stretch.value.length));
    curves.push({ metric, raw, smooth, superseded, count: value.length });
  }
  return { curves, extent };
}

/** Points of a curve whose numbers on the axis are not known are left out. */
function drawn(
  column: Float64Array,
  index: Uint32Array,
  y: Float64Array,
  count: number,
  from: number,
  to: number,
  buckets: number,
): Points {
  // Events without an epoch come before, between or after those with one: only then a list of the others is made.
  let known: Uint32Array | undefined;
  for (let point = 0; point < count; point += 1) {
    if (Number.isNaN(column[index[point]!]!)) {
      known = Uint32Array.from(Array.from({ length: count }, (_, at) => at)).filter(
        (at) => !Number.isNaN(column[index[at]!]!),
      );
      break;
    }
  }
  const at = (point: number): number => (known === undefined ? point : known[point]!);
  const x = (point: number): number => column[index[at(point)]!]!;
  const kept = decimate({ x, y: (point) => y[at(point)]!, count: known?.length ?? count }, from, to, buckets);
  return { x: Float64Array.from(kept, x), y: Float64Array.from(kept, (point) => y[at(point)]!) };
}

export function columnOf(history: MetricHistory, axis: XAxis): Float64Array {
  switch (axis) {
    case 'step':
      return history.step.data;
    case 'epoch':
      return history.epoch.data;
    case 'time':
      return history.seconds.data;
  }
}

function extentOf(history: MetricHistory, column: Float64Array): [number, number] | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  const see = ({ index }: Pick<MetricCurve, 'index'>, point: number) => {
    const x = column[index.data[point]!]!;
    if (x < least) least = x;
    if (x > greatest) greatest = x;
  };
  for (const curve of history.curves.values()) {
    // Curves ascend: their ends have their extremes, but for events that the axis has no number of.
    let first = 0;
    let last = curve.index.length - 1;
    while (first < last && Number.isNaN(column[curve.index.data[first]!]!)) first += 1;
    while (last > first && Number.isNaN(column[curve.index.data[last]!]!)) last -= 1;
    if (last < 0) continue;
    see(curve, first);
    see(curve, last);
  }
  return least <= greatest ? [least, greatest] : null;
}
