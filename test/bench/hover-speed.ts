/** From the request for a hover to its answer, in a real extension host: a response of 300 words in 40 MB of JSON Lines. */

import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import type { BenchRow } from './embedded-accuracy.ts';
import { pairLines } from './grade-speed.ts';

const BYTES = 40_000_000;
const MOST = { p50: 5, p95: 15 };

export async function hoverSpeedBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  try {
    const [file, results] = [path.join(folder, 'large.jsonl'), path.join(folder, 'hovers.json')];
    await pipeline(Readable.from(lines()), createWriteStream(file));
    const program = path.join(root, 'test', 'bench', 'measure-hovers.mjs');
    await execa(process.execPath, [program, file, results], { cwd: root });
    const { itself, throughTheEditor, screenful } = JSON.parse(await readFile(results, 'utf8')) as Measured;
    return [rowOf('p50', itself), rowOf('p95', itself), wayRow(throughTheEditor), screenfulRow(screenful)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds. */
interface Measured {
  readonly itself: number[];
  readonly throughTheEditor: number[];
  readonly screenful: number;
}

function rowOf(name: keyof typeof MOST, times: readonly number[]): BenchRow {
  const took = quantile(times, Number(name.slice(1)) / 100);
  return {
    what: `hover in 40 MB of JSON Lines, 300 words a response, ${times.length} rows: ${name}`,
    value: `${took.toFixed(1)} ms`,
    target: `< ${MOST[name]} ms`,
    met: took < MOST[name],
  };
}

/** Asked from an extension, a hover goes to the window and back, and once more; with a browser as the window. */
const wayRow = (times: readonly number[]): BenchRow => ({
  what: '  the same through the editor, to the window and back twice: p50, p95',
  value: [0.5, 0.95].map((at) => `${quantile(times, at).toFixed(1)} ms`).join(', '),
  target: '',
  met: undefined,
});

const screenfulRow = (took: number): BenchRow => ({
  what: '  grades above the responses on the screen, from the moment their editor is there',
  value: `${took.toFixed(0)} ms`,
  target: '',
  met: undefined,
});

function* lines(): Generator<string> {
  let bytes = 0;
  for (const line of pairLines(Number.POSITIVE_INFINITY)) {
    bytes += line.length;
    if (bytes > BYTES) return;
    yield line;
  }
}

const quantile = (values: readonly number[], at: number): number =>
  [...values].sort((one, other) => one - other)[Math.floor(at * (values.length - 1))] ?? Number.NaN;
