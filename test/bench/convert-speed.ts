/**
 * Speed and memory of a conversion as a user meets it: the bundled command line as a process of its own, 200 MB of pairs
 * as JSON Lines to Parquet, once as they are and once with a split by prompt (which reads them twice).
 */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import type { BenchRow } from './embedded-accuracy.ts';

const MEGABYTES = 200;
const LEAST_SPEED = 10;
const MOST_MEMORY = 500;
const SEED = 42;
const WORDS =
  'the a reset button holds five seconds then light turns green again if not call support with your number'.split(' ');

/** Printed by the process itself as it ends: its largest resident set in kilobytes. */
export const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('peak-kb ' + process.resourceUsage().maxRSS))",
)}`;

export async function convertSpeedBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  try {
    const input = path.join(folder, 'pairs.jsonl');
    await pipeline(Readable.from(pairLines()), createWriteStream(input));
    const megabytes = (await stat(input)).size / 1e6;
    const rows: BenchRow[] = [];
    for (const [what, args] of [
      ['as they are', []],
      ['with a split', ['--split', 'train=0.8,val=0.1,test=0.1']],
      ['without repeats', ['--drop-duplicates', '--drop-contradictions']],
    ] as const) {
      const { seconds, peak } = await timeConversion(root, input, path.join(folder, what), args);
      rows.push(...benchRows(`convert ${megabytes.toFixed(0)} MB of pairs ${what}`, megabytes / seconds, peak));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function benchRows(what: string, speed: number, peak: number): BenchRow[] {
  return [
    { what, value: `${speed.toFixed(1)} MB/s`, target: `>= ${LEAST_SPEED} MB/s`, met: speed >= LEAST_SPEED },
    { what: '  memory', value: `${peak.toFixed(0)} MB`, target: `<= ${MOST_MEMORY} MB`, met: peak <= MOST_MEMORY },
  ];
}

async function timeConversion(root: string, input: string, output: string, args: readonly string[]) {
  const cli = path.join(root, 'dist', 'cli.mjs');
  const command = ['convert', input, '--to', 'bt', '--output-dir', output, ...args];
  const { durationMs, stderr } = await execa(process.execPath, ['--import', REPORT_MEMORY, cli, ...command]);
  const peak = Number(/peak-kb (\d+)/.exec(stderr)?.[1]) / 1000;
  return { seconds: durationMs / 1000, peak };
}

/** Pairs of about 2 kB, two to a prompt, with words in an order of their own. */
function* pairLines(): Generator<string> {
  const random = lehmer(SEED);
  const text = (words: number) => Array.from({ length: words }, () => WORDS[random() % WORDS.length]).join(' ');
  for (let bytes = 0, pair = 0; bytes < MEGABYTES * 1e6; pair++) {
    const prompt = `question ${Math.floor(pair / 2)}: ${WORDS.slice(0, 1 + (Math.floor(pair / 2) % 16)).join(' ')}`;
    const row = { prompt, chosen: text(100 + (random() % 150)), rejected: text(100 + (random() % 150)) };
    const line = `${JSON.stringify(row)}\n`;
    bytes += line.length;
    yield line;
  }
}

/** The minimal standard generator: `x <- 48271 x mod (2^31 - 1)`. */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}
