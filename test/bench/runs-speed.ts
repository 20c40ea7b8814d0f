/** Runs: a million events folded, a new event told, and charts of twenty runs panned and zoomed in Chromium. */

import { appendFileSync, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { build } from 'esbuild';
import { execa } from 'execa';
import { FollowerProcess } from '../../src/features/run-panel/follower-process.ts';
import type { BenchRow } from './embedded-accuracy.ts';
import { durationsOf, nextFrame, traceMainThread, workOf } from './page-trace.ts';

/** CommonJS packages inside the bundle ask for `require`. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const EVENTS = 1_000_000;
const RUNS = 3;
const MOST_SECONDS = 2;
const MOST_MEGABYTES = 300;
const NEWS = 30;
const MOST_NEWS_MS = 300;
const TURNS = 120;
const MOST_FRAME_MS = 16;

export async function runsSpeedBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-runs-'));
  try {
    return [...(await foldBench(root, folder)), await newsBench(root, folder), await frameBench(root)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function foldBench(root: string, base: string): Promise<BenchRow[]> {
  const folder = path.join(base, 'million');
  const bytes = await writeRun(folder, EVENTS);
  const program = path.join(base, 'fold-run.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, 'test/bench/fold-run.ts')],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    outfile: program,
    bundle: true,
    minify: true,
    logLevel: 'warning',
  });
  const figures: { points: number; wall: number; cpu: number; peak: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { stdout } = await execa(process.execPath, [program, folder]);
    figures.push(JSON.parse(stdout));
  }
  if (figures.some(({ points }) => points !== EVENTS)) throw new Error('Not every event became a point.');
  const cpu = median(figures.map((each) => each.cpu));
  const wall = median(figures.map((each) => each.wall));
  const peak = Math.max(...figures.map((each) => each.peak));
  const what = `${EVENTS.toLocaleString('en')} events of four metrics (${(bytes / 1e6).toFixed(0)} MB) folded`;
  return [
    {
      what,
      value: `${cpu.toFixed(2)} s of CPU (wall ${wall.toFixed(2)} s, median of ${RUNS})`,
      target: `<= ${MOST_SECONDS} s`,
      met: Math.min(cpu, wall) <= MOST_SECONDS,
    },
    {
      what: 'memory of that',
      value: `${peak.toFixed(0)} MB`,
      target: `<= ${MOST_MEGABYTES} MB`,
      met: peak <= MOST_MEGABYTES,
    },
  ];
}

/** From the line being written until the curve with it is here, the run's process having told of it. */
async function newsBench(root: string, base: string): Promise<BenchRow> {
  const folder = path.join(base, 'news');
  await writeRun(folder, 1_000);
  let told = () => {};
  const runtime = { nodePath: process.execPath, workersFolder: path.join(root, 'dist', 'workers'), version: 'bench' };
  const follower = new FollowerProcess(runtime, [folder], { changed: () => told(), onDeath: () => {} });
  const request = { folder, metrics: ['train/loss'], x: 'step', range: null, buckets: 500, smoothing: 0.9 } as const;
  await follower.ask((remote) => remote.curves(request));
  const times: number[] = [];
  for (let news = 0; news < NEWS; news += 1) {
    const changed = new Promise<void>((resolve) => {
      told = resolve;
    });
    const since = performance.now();
    appendFileSync(path.join(folder, 'events.jsonl'), eventLine(1_000 + news));
    await changed;
    const answer = await follower.ask((remote) => remote.curves(request));
    times.push(performance.now() - since);
    if (!answer.ok || answer.value.extent?.[1] !== 1_000 + news)
      throw new Error('The curve does not have the new event.');
  }
  follower.dispose();
  const [middle, most] = [median(times), Math.max(...times)];
  return {
    what: `a new event, from the file to the extension host as a curve, ${NEWS} times`,
    value: `${middle.toFixed(0)} ms (longest ${most.toFixed(0)} ms)`,
    target: `<= ${MOST_NEWS_MS} ms`,
    met: middle <= MOST_NEWS_MS,
  };
}

async function frameBench(root: string): Promise<BenchRow> {
  const what = '20 runs of 50,000 points panned and zoomed in Chromium: frame, main thread';
  const contents = `import './webview/bench/twenty-runs.ts';`;
  const tasks = await traceMainThread(root, contents, '[data-chart=loss] canvas', async (page) => {
    await page.locator('[data-chart=loss] .u-over').hover({ position: { x: 300, y: 60 } });
    for (let turn = 0; turn < TURNS; turn += 1) {
      const zooms = turn % 10 < 3;
      const key = zooms ? 'Control' : 'Shift';
      await page.keyboard.down(key);
      await page.mouse.wheel(0, zooms ? (turn < TURNS / 2 ? -120 : 120) : turn % 20 < 10 ? 60 : -60);
      await page.keyboard.up(key);
      await nextFrame(page);
    }
  });
  if (!tasks) return { what, value: 'not measured: there is no Chromium', target: '', met: undefined };
  // Every turn of the wheel draws one frame: those are the longest tasks, as many as there were turns.
  const frames = durationsOf(tasks).slice(-TURNS);
  const worked = workOf(tasks).slice(-TURNS);
  const [middle, all] = [median(frames), durationsOf(tasks).reduce((sum, milliseconds) => sum + milliseconds, 0)];
  return {
    what,
    value: `${middle.toFixed(1)} ms (median of ${TURNS}; CPU time alone ${median(worked).toFixed(1)} ms; all tasks ${(all / TURNS).toFixed(1)} ms a turn; longest ${(frames.at(-1) ?? Number.NaN).toFixed(1)} ms)`,
    target: `<= ${MOST_FRAME_MS} ms`,
    met: middle <= MOST_FRAME_MS,
  };
}

/** @returns the bytes of its events */
async function writeRun(folder: string, events: number): Promise<number> {
  await mkdir(folder, { recursive: true });
  const data = { train: { path: '/data/pairs.parquet', fingerprint: 'f', rows: 1 } };
  const spec = { version: 1, id: path.basename(folder), name: 'bench', created_at: '2026-01-01T00:00:00.000Z', data };
  const rest = { method: 'bradley-terry', engine: 'embedded', target: 'local', seed: 1, settings: {}, versions: {} };
  await writeFile(path.join(folder, 'run.json'), JSON.stringify({ ...spec, ...rest }));
  const stream = createWriteStream(path.join(folder, 'events.jsonl'));
  for (let step = 0; step < events; step += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, events - step) }, (_, at) => eventLine(step + at)).join('');
    if (!stream.write(lines)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
  return stream.bytesWritten;
}

/** Numbers of full length, as trainers write them. */
function eventLine(step: number): string {
  const time = new Date(Date.UTC(2026, 0, 1) + step * 250).toISOString();
  const values = {
    'train/loss': 0.69 * Math.exp(-step / 1e6) + Math.sin(step) / 100,
    'train/accuracy': 0.5 + step / 4e6 + Math.cos(step) / 100,
    'train/margin': Math.sin(step / 1e5),
    learning_rate: 1e-5 * (1 - step / 2e6),
  };
  const entry = {
    v: 1,
    attempt: 1,
    seq: step + 1,
    time,
    kind: 'metrics',
    step,
    total_steps: EVENTS,
    epoch: step / 1e5,
  };
  return `${JSON.stringify({ ...entry, values })}\n`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
