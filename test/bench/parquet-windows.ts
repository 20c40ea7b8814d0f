/**
 * Windows of a Parquet file of 1.3 GB with one row group and no page index, in whole processes and beside DuckDB, in turn.
 * CPU seconds, because other work on the machine lengthens wall time; the median of the runs.
 */

import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { DISTINCT_ROWS, writeRowGroups } from './copied-rows.ts';
import type { BenchRow } from './embedded-accuracy.ts';

/** CommonJS packages inside the bundle ask for `require`. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const BYTES = 1.3e9;
const RUNS = 3;
const MANY = 1_000;
const MOST_OF_DUCKDB = 0.4;
const MOST_MEMORY = 200;
const MOST_NEXT = 0.2;
/** Node 20 has no zstd of its own. */
const MOST_FIRST = Number(process.versions.node.split('.')[0]) >= 22 ? 0.5 : 0.8;
/** Of the second half of many windows over the first. */
const MOST_GROWTH = 1.25;

interface Reading {
  readonly first: number;
  readonly windows: readonly number[];
  readonly memory: readonly number[];
  readonly cpu: number;
  readonly peak: number;
}

/** `root` is the folder of the project. */
export async function parquetWindowsBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  try {
    const file = path.join(folder, 'one-row-group.parquet');
    const { rows } = await writeRowGroups(file, path.join(folder, 'part.parquet'), BYTES, 'one');
    const reader = path.join(folder, 'read-windows.mjs');
    const entryPoints = [path.join(root, 'test/bench/read-windows.ts')];
    await build({
      absWorkingDir: root,
      entryPoints,
      outfile: reader,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      banner: { js: REQUIRE },
      logLevel: 'warning',
    });
    const size = `${((await stat(file)).size / 1e9).toFixed(2)} GB, ${rows} rows, one row group, no page index`;
    return await measure(root, reader, file, rows, size);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(root: string, reader: string, file: string, rows: number, size: string): Promise<BenchRow[]> {
  const middle = Math.floor(rows / 2);
  const middles: Reading[] = [];
  const firsts: Reading[] = [];
  const duckdb: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    middles.push(await runProgram<Reading>(reader, file, `${middle},${middle + 20_000}`));
    const peer = await runProgram<{ first: number; cpu: number }>(
      path.join(root, 'test/bench/window-with-duckdb.mjs'),
      file,
      String(middle),
    );
    if (peer.first !== middle % DISTINCT_ROWS || middles.at(-1)!.first !== peer.first) {
      throw new Error(`row ${middle} is not the same row for both: ${middles.at(-1)!.first} and ${peer.first}`);
    }
    duckdb.push(peer.cpu);
    firsts.push(await runProgram<Reading>(reader, file, '0'));
  }
  const many = await runProgram<Reading>(reader, file, `random:${MANY}`);
  const next = median(middles.map(({ windows }) => windows[1]!));
  const whole = median(middles.map(({ cpu }, run) => cpu - middles[run]!.windows[1]!));
  const ratio = whole / median(duckdb);
  const peak = Math.max(...middles.map((reading) => reading.peak));
  const first = median(firsts.map(({ cpu }) => cpu));
  const growth = Math.max(...many.memory.slice(5)) / Math.max(...many.memory.slice(0, 5));
  return [
    {
      what: `Parquet, ${size}: 100 rows in the middle, whole process, over DuckDB in turn`,
      value: `${ratio.toFixed(2)} (${whole.toFixed(2)} s of CPU, DuckDB ${median(duckdb).toFixed(2)} s, median of ${RUNS})`,
      target: `<= ${MOST_OF_DUCKDB}`,
      met: ratio <= MOST_OF_DUCKDB,
    },
    limit('memory', peak, 'MB', MOST_MEMORY, 0),
    limit('another window of 100 rows far from there', next, 's of CPU', MOST_NEXT, 2),
    limit('the first 100 rows, whole process', first, 's of CPU', MOST_FIRST, 2),
    {
      what: `memory over ${MANY} windows anywhere: the second half over the first`,
      value: `${growth.toFixed(2)} (peak ${many.peak.toFixed(0)} MB)`,
      target: `<= ${MOST_GROWTH}`,
      met: growth <= MOST_GROWTH,
    },
  ];
}

function limit(what: string, value: number, unit: string, most: number, digits: number): BenchRow {
  return { what, value: `${value.toFixed(digits)} ${unit}`, target: `<= ${most} ${unit}`, met: value <= most };
}

async function runProgram<T>(program: string, ...args: readonly string[]): Promise<T> {
  const { stdout } = await execa(process.execPath, [program, ...args]);
  return JSON.parse(stdout) as T;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
