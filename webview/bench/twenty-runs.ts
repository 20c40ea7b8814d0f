/** For the bench: the charts of twenty runs of 50,000 points, decimated as the follower does it. */

import '../run/style.css';
import 'uplot/dist/uPlot.min.css';
import { decimate } from '../../src/core/runs/decimate.ts';
import { floatColumn } from '../../src/core/runs/growing-columns.ts';
import { SmoothedCurve } from '../../src/core/runs/smoothing.ts';
import type { Curve, CurvesRequest, RunSummary } from '../../src/protocol/run-panel.ts';
import { ChartsView } from '../run/charts/charts-view.ts';
import type { Host } from '../run/host.ts';
import { START, type ViewState } from '../run/view-state.ts';

const RUNS = 20;
const POINTS = 50_000;
const METRICS = ['train/loss', 'train/accuracy', 'train/margin', 'grad_norm', 'learning_rate', 'tokens_per_second'];

const values = new Map<string, Float64Array>();
for (let run = 0; run < RUNS; run += 1) {
  for (const [place, metric] of METRICS.entries()) {
    const noise = (at: number) => Math.sin(at * 12.9898 + run * 78.233 + place) * 0.05;
    values.set(
      `${run} ${metric}`,
      Float64Array.from({ length: POINTS }, (_, at) => 0.7 - at / 1e5 + run / 100 + noise(at)),
    );
  }
}

const points = (y: Float64Array, [from, to]: readonly [number, number], buckets: number) => {
  const kept = decimate({ x: (point) => point, y: (point) => y[point]!, count: y.length }, from, to, buckets);
  return { x: Float64Array.from(kept), y: Float64Array.from(kept, (point) => y[point]!) };
};

function smoothed(y: Float64Array): Float64Array {
  const value = floatColumn();
  for (const each of y) value.push(each);
  return new SmoothedCurve(START.smoothing).of({ value, rewrites: 0 }).subarray(0, y.length);
}

/** Made once: in the panel another process does it, and here only the drawing is measured. */
const whole = new Map<string, Curve>();
const host = {
  curves: async ({ folder, metrics, buckets }: CurvesRequest) => {
    const curves = metrics.map((metric) => {
      const key = `${folder} ${metric}`;
      const raw = whole.get(key)?.raw ?? points(values.get(key)!, [0, POINTS - 1], buckets);
      const smooth = whole.get(key)?.smooth ?? points(smoothed(values.get(key)!), [0, POINTS - 1], buckets);
      const curve: Curve = { metric, raw, smooth, superseded: [], count: POINTS };
      whole.set(key, curve);
      return curve;
    });
    return { ok: true, value: { curves, extent: [0, POINTS - 1] } };
  },
} as unknown as Host;

const folders = Array.from({ length: RUNS }, (_, run) => String(run));
const summaries = new Map(
  folders.map((folder) => {
    const metrics = METRICS.map((name) => ({ name, points: POINTS }));
    const shown = {
      folder,
      name: `run ${folder}`,
      status: 'finished',
      metrics,
      resumes: [],
      evaluations: [],
      warnings: [],
    };
    return [folder, { ...shown, method: { id: 'bradley-terry', title: 'Bradley-Terry' } } as unknown as RunSummary];
  }),
);
let view: ViewState = { ...START, folders };
const charts = new ChartsView({
  host: () => host,
  view: () => view,
  change: (change) => {
    view = { ...view, ...change };
    charts.draw();
    charts.refreshAll();
  },
  summaries: () => summaries,
});
document.body.append(charts.toolbar.element, charts.element);
charts.draw();
charts.refreshAll();
