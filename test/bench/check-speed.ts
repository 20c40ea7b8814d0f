/**
 * Speed and memory of the checks as a user meets them: a whole process of the built CLI on about 200 MB of preference pairs,
 * drawn from a fixed seed and written as a stream. MB are 10^6 bytes of the file; peak memory is the resident set that the
 * process itself reports at its end, before it exits.
 */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { randomIntegers } from '../../src/core/engines/embedded/random.ts';
import type { BenchRow } from './embedded-accuracy.ts';

const MEGABYTE = 1e6;
const BYTES = 200 * MEGABYTE;
const SEED = 42;
const RUNS = 3;
const MOST_MEMORY = 500;
const LEAST_TEXT_SPEED = 20;

/** `root` is the folder of the project, with `dist` built. */
export async function checkSpeedBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  try {
    const file = path.join(folder, 'pairs.jsonl');
    const rows = await writePairs(file, BYTES, SEED);
    const benchmark = path.join(folder, 'benchmark.jsonl');
    await writePairs(benchmark, MEGABYTE, SEED + 1);
    const megabytes = (await stat(file)).size / MEGABYTE;
    const size = `${megabytes.toFixed(0)} MB of JSONL, ${rows} pairs`;
    const cli = [path.join(root, 'dist/cli.mjs'), 'check', file, '--method', 'bt', '--json'];
    const inspect = [path.join(root, 'dist/cli.mjs'), 'inspect', file, '--json'];
    const reading = await measure(folder, inspect);
    const structural = await measure(folder, cli);
    const nearDuplicates = await measure(folder, [...cli, '--checks', 'near-duplicates']);
    const contamination = await measure(folder, [...cli, '--benchmark', benchmark]);
    const truncation = await measure(folder, [...cli, '--max-length', '512']);
    return [
      {
        what: `inspect, whole process, ${size}: one pass over the file`,
        value: figures(reading, megabytes),
        target: '',
        met: undefined,
      },
      {
        what: 'structural checks: the ratio to one DuckDB scan is not measured, DuckDB is not a dependency',
        value: figures(structural, megabytes),
        target: `peak <= ${MOST_MEMORY} MB`,
        met: structural.memory <= MOST_MEMORY,
      },
      textRow('structural and near-duplicates', nearDuplicates, megabytes),
      textRow('structural and contamination', contamination, megabytes),
      textRow('structural and truncation, words x 1.3', truncation, megabytes),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function textRow(what: string, measured: Measured, megabytes: number): BenchRow {
  return {
    what: `check: ${what}`,
    value: figures(measured, megabytes),
    target: `>= ${LEAST_TEXT_SPEED} MB/s`,
    met: megabytes / measured.seconds >= LEAST_TEXT_SPEED,
  };
}

interface Measured {
  /** Wall time of the process, median of the runs. */
  readonly seconds: number;
  /** Of all threads in that run: more than the wall time where the collector works beside, less on a busy machine. */
  readonly cpuSeconds: number;
  /** Peak resident set in MB, the most of the runs. */
  readonly memory: number;
}

function figures({ seconds, cpuSeconds, memory }: Measured, megabytes: number): string {
  return `${(megabytes / seconds).toFixed(1)} MB/s (${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, median of ${RUNS}), peak ${memory.toFixed(0)} MB`;
}

/** Node gives `maxRSS` in kilobytes on every system, and times in microseconds. */
const REPORTER = `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write([maxRSS, userCPUTime + systemCPUTime].join(' '));
});
`;

async function measure(folder: string, args: readonly string[]): Promise<Measured> {
  const reporter = path.join(folder, 'report-memory.mjs');
  await writeFile(reporter, REPORTER);
  const runs: Measured[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { durationMs, stderr, exitCode, stdout } = await execa(
      process.execPath,
      ['--import', pathToFileURL(reporter).href, ...args],
      { reject: false },
    );
    // 1 says that a finding is an error, with a report all the same.
    if (exitCode !== 0 && !(exitCode === 1 && stdout.includes('"findings"'))) throw new Error(`${stdout}\n${stderr}`);
    const [kilobytes = Number.NaN, microseconds = Number.NaN] = stderr.split('\n').at(-1)!.split(' ').map(Number);
    runs.push({
      seconds: durationMs / 1000,
      cpuSeconds: microseconds / 1e6,
      memory: (kilobytes * 1024) / MEGABYTE,
    });
  }
  const sorted = [...runs].sort((a, b) => a.seconds - b.seconds);
  return { ...sorted[Math.floor(RUNS / 2)]!, memory: Math.max(...runs.map(({ memory }) => memory)) };
}

/** Writes pairs until the file has the wanted size, without holding it. Returns their number. */
async function writePairs(file: string, bytes: number, seed: number): Promise<number> {
  let rows = 0;
  function* lines(): Generator<string> {
    const text = new RandomText(seed);
    for (let written = 0; written < bytes; ) {
      // Blocks of a hundred lines: one line at a time is slow to write.
      const block = Array.from({ length: 100 }, () => `${JSON.stringify(text.pair())}\n`).join('');
      rows += 100;
      written += block.length;
      yield block;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
  return rows;
}

/** Texts of made-up words, the common ones often: about as long as people's prompts and answers. */
class RandomText {
  readonly #random: () => number;
  readonly #words: readonly string[];

  constructor(seed: number) {
    this.#random = randomIntegers(seed);
    const syllables = ['ta', 'ri', 'mon', 'el', 'ka', 'sho', 'ven', 'du', 'lis', 'or', 'pe', 'an'];
    const syllable = () => syllables[this.#next(syllables.length)]!;
    this.#words = Array.from({ length: 5_000 }, () =>
      Array.from({ length: 1 + this.#next(4) }, () => syllable()).join(''),
    );
  }

  pair() {
    const prompt = this.#text(10 + this.#next(60));
    const chosen = this.#text(20 + this.#next(200));
    // Every twentieth rejected answer is a chosen one with its end changed.
    const rejected = this.#next(20) === 0 ? `${chosen} ${this.#text(2)}` : this.#text(20 + this.#next(200));
    return { prompt, chosen, rejected };
  }

  #next(below: number): number {
    return this.#random() % below;
  }

  #text(words: number): string {
    let text = '';
    for (let word = 0; word < words; word++) text += `${this.#word()}${this.#next(12) === 0 ? '. ' : ' '}`;
    return text.trimEnd();
  }

  #word(): string {
    const most = this.#next(3) === 0 ? this.#words.length : 200;
    return this.#words[this.#next(most)]!;
  }
}
