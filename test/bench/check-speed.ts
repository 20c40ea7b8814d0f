/**
 * Speed and memory of the checks as a user meets them: a whole process of the built CLI on preference pairs, drawn from a fixed
 * seed and written as a stream. The structural checks of 1 GB are timed in turn with one scan of all its text by DuckDB, a
 * process of its own too, with as many threads; the checks that read every word have 200 MB. MB are 10^6 bytes of the file; peak memory is the
 * resident set that the process itself reports at its end, before it exits, with its threads.
 */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { randomIntegers } from '../../src/core/engines/embedded/random.ts';
import type { BenchRow } from './embedded-accuracy.ts';

const MEGABYTE = 1e6;
const STRUCTURAL_BYTES = 1_000 * MEGABYTE;
const TEXT_BYTES = 200 * MEGABYTE;
/** The files, and as much again for Parquet and what DuckDB may write beside. */
const DISK_BYTES = 3 * STRUCTURAL_BYTES;
/** The columns, all of them read by the checks. */
const TEXTS = ['prompt', 'chosen', 'rejected'];
const SEED = 42;
const RUNS = 3;
const MOST_MEMORY = 500;
const MOST_TIMES_A_SCAN = 2;
const LEAST_TEXT_SPEED = 20;

/** `root` is the folder of the project, with `dist` built. */
export async function checkSpeedBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < DISK_BYTES)
      throw new Error(`${folder} needs ${DISK_BYTES / MEGABYTE} MB of disk for this bench.`);
    return [...(await structuralRows(root, folder)), ...(await textRows(root, folder))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const cli = (root: string, file: string) => [
  path.join(root, 'dist/cli.mjs'),
  'check',
  file,
  '--method',
  'bt',
  '--json',
];

async function structuralRows(root: string, folder: string): Promise<BenchRow[]> {
  const scan = path.join(root, 'test/bench/scan-with-duckdb.mjs');
  const jsonl = path.join(folder, 'pairs.jsonl');
  const pairs = await writePairs(jsonl, STRUCTURAL_BYTES, SEED);
  const parquet = path.join(folder, 'pairs.parquet');
  await execa(process.execPath, [scan, jsonl, ...TEXTS, '--parquet', parquet]);
  const rows: BenchRow[] = [];
  for (const [file, kind] of [
    [jsonl, 'JSONL'],
    [parquet, 'Parquet'],
  ] as const) {
    const megabytes = (await stat(file)).size / MEGABYTE;
    const [checked, scanned] = await measureInTurn(folder, [cli(root, file), [scan, file, ...TEXTS]]);
    const ratio = median(checked!.map(({ seconds }, run) => seconds / scanned![run]!.seconds));
    const [check, duckdb] = [summary(checked!), summary(scanned!)];
    rows.push(
      {
        what: `structural checks, ${megabytes.toFixed(0)} MB of ${kind}, ${pairs} pairs`,
        value: figures(check, megabytes),
        target: `peak <= ${MOST_MEMORY} MB`,
        met: check.memory <= MOST_MEMORY,
      },
      {
        what: '  one scan of its text by DuckDB, in turn',
        value: figures(duckdb, megabytes),
        target: '',
        met: undefined,
      },
      {
        what: '  checks : scan, wall time, run by run',
        value: `${ratio.toFixed(2)} (of CPU ${(check.cpuSeconds / duckdb.cpuSeconds).toFixed(2)})`,
        target: `<= ${MOST_TIMES_A_SCAN}`,
        met: ratio <= MOST_TIMES_A_SCAN,
      },
    );
    await rm(file);
  }
  return rows;
}

async function textRows(root: string, folder: string): Promise<BenchRow[]> {
  const file = path.join(folder, 'pairs.jsonl');
  const pairs = await writePairs(file, TEXT_BYTES, SEED);
  const benchmark = path.join(folder, 'benchmark.jsonl');
  await writePairs(benchmark, MEGABYTE, SEED + 1);
  const megabytes = (await stat(file)).size / MEGABYTE;
  const inspect = [path.join(root, 'dist/cli.mjs'), 'inspect', file, '--json'];
  const check = cli(root, file);
  const runs = await measureInTurn(folder, [
    inspect,
    [...check, '--checks', 'near-duplicates'],
    [...check, '--benchmark', benchmark],
    [...check, '--max-length', '512'],
  ]);
  const [reading, nearDuplicates, contamination, truncation] = runs.map(summary);
  return [
    {
      what: `inspect, whole process, ${megabytes.toFixed(0)} MB of JSONL, ${pairs} pairs: one pass over the file`,
      value: figures(reading!, megabytes),
      target: '',
      met: undefined,
    },
    textRow('structural and near-duplicates', nearDuplicates!, megabytes),
    textRow('structural and contamination', contamination!, megabytes),
    textRow('structural and truncation, words x 1.3', truncation!, megabytes),
  ];
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
  /** Wall time of the process. */
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  /** Peak resident set in MB; of several runs the most. */
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

/** Runs the commands in turn, A B A B ..., so that a busy machine is as busy for all of them; a list of runs for each. */
async function measureInTurn(folder: string, commands: readonly (readonly string[])[]): Promise<Measured[][]> {
  const reporter = path.join(folder, 'report-memory.mjs');
  await writeFile(reporter, REPORTER);
  const runs = commands.map((): Measured[] => []);
  for (let run = 0; run < RUNS; run++) {
    for (const [index, args] of commands.entries()) runs[index]!.push(await measure(reporter, args));
  }
  return runs;
}

async function measure(reporter: string, args: readonly string[]): Promise<Measured> {
  const { durationMs, stderr, exitCode, stdout } = await execa(
    process.execPath,
    ['--import', pathToFileURL(reporter).href, ...args],
    { reject: false },
  );
  // 1 says that a finding is an error, with a report all the same.
  if (exitCode !== 0 && !(exitCode === 1 && stdout.includes('"findings"'))) throw new Error(`${stdout}\n${stderr}`);
  const [kilobytes = Number.NaN, microseconds = Number.NaN] = stderr.split('\n').at(-1)!.split(' ').map(Number);
  return { seconds: durationMs / 1000, cpuSeconds: microseconds / 1e6, memory: (kilobytes * 1024) / MEGABYTE };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function summary(runs: readonly Measured[]): Measured {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
    memory: Math.max(...runs.map(({ memory }) => memory)),
  };
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
