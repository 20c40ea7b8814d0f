/**
 * A Parquet file of 10 GB in many row groups, as the viewer opens it: its reader process is started and answers with schema and
 * row count, and then with 50 rows of row groups not read before, across all of which the rows are chosen. Wall time, as a
 * person waits for it; the median of the runs. The file is in the system's cache as far as it fits there, but the rows asked
 * for have been read by no process before.
 */

import { rmSync } from 'node:fs';
import { mkdtemp, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { randomIntegers } from '../../src/core/engines/embedded/random.ts';
import { ReaderProcess } from '../../src/features/dataset-viewer/reader-process.ts';
import type { Outcome } from '../../src/protocol/dataset-viewer.ts';
import { DISTINCT_ROWS, type WrittenRows, writeRowGroups } from './copied-rows.ts';
import type { BenchRow } from './embedded-accuracy.ts';
import { processorSeconds } from './processor-time.ts';

const BYTES = 10e9;
/** Left free for everything else on the disk. */
const SPARE_BYTES = 5e9;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const PROCESSES = 9;
const WINDOWS = 5;
const ROWS = 50;
const MOST_OPEN = 150;
const MOST_WINDOW = 40;

/** `root` is the folder of the project, with `dist` built. */
export async function largeFileBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  // So much must not stay behind, not even where somebody has enough of waiting.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = () => process.exit(130);
  process.once('exit', remove);
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < BYTES + SPARE_BYTES) {
      const free = `${((bavail * bsize) / 1e9).toFixed(0)} GB are free in ${os.tmpdir()}`;
      return [{ what: 'Parquet of 10 GB', value: `not measured: ${free}`, target: '', met: undefined }];
    }
    const file = path.join(folder, 'many-row-groups.parquet');
    const written = await writeRowGroups(file, path.join(folder, 'part.parquet'), BYTES, 'many');
    return await measure(root, file, written);
  } finally {
    remove();
    process.removeListener('exit', remove);
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  }
}

async function measure(root: string, file: string, { rows, groups }: WrittenRows): Promise<BenchRow[]> {
  const runtime = { nodePath: process.execPath, workersFolder: path.join(root, 'dist/workers'), version: '' };
  const random = randomIntegers(1);
  const opens: Spent[] = [];
  const windows: Spent[] = [];
  for (let run = 0; run < PROCESSES; run++) {
    const started = performance.now();
    const reader = new ReaderProcess(runtime, file, { onDeath: ({ message }) => console.error(message) });
    try {
      const { rowCount, columns } = answered(await reader.open());
      opens.push({ wall: performance.now() - started, processor: await processorSeconds(reader.pid!) });
      if (rowCount !== rows) throw new Error(`it holds ${rows} rows, not ${rowCount}`);
      // The first window of a process is read by code that has never run: not what scrolling feels like.
      for (let window = 0; window <= WINDOWS; window++) {
        const start = random() % (rows - ROWS);
        const range = { start, end: start + ROWS, firstColumn: 0, columns: columns.length };
        const before = await processorSeconds(reader.pid!);
        const asked = performance.now();
        const page = answered(await reader.rows(range));
        const wall = performance.now() - asked;
        const after = await processorSeconds(reader.pid!);
        if (window > 0) windows.push({ wall, processor: after && before && after - before });
        const first = page.rows[0]?.[0]?.text;
        if (page.rows.length !== ROWS || first !== String(start % DISTINCT_ROWS)) {
          throw new Error(`row ${start} is not what was written: ${first}`);
        }
      }
    } finally {
      reader.dispose();
    }
  }
  const size = `${((await stat(file)).size / 1e9).toFixed(1)} GB, ${rows} rows, ${groups} row groups, no page index`;
  return [
    limit(`Parquet, ${size}: reader process started, schema and row count`, opens, MOST_OPEN),
    limit(`${ROWS} rows anywhere, after the first of a process`, windows, MOST_WINDOW),
  ];
}

interface Spent {
  /** Milliseconds. */
  readonly wall: number;
  /** Seconds, where the system says. */
  readonly processor: number | undefined;
}

function limit(what: string, spent: readonly Spent[], most: number): BenchRow {
  const times = spent.map(({ wall }) => wall).sort((a, b) => a - b);
  const median = times[times.length >> 1] ?? Number.NaN;
  const ends = `${times[0]?.toFixed(0)} to ${times.at(-1)?.toFixed(0)} ms of ${times.length}`;
  const processor = spent.reduce((sum, { processor: seconds = 0 }) => sum + seconds, 0) / spent.length;
  const ofCpu = processor === 0 ? '' : `; ${(processor * 1_000).toFixed(0)} ms of CPU`;
  return {
    what,
    value: `${median.toFixed(0)} ms (${ends}${ofCpu})`,
    target: `<= ${most} ms`,
    met: median <= most,
  };
}

function answered<T>(outcome: Outcome<T, { readonly message: string }>): T {
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return outcome.value;
}
