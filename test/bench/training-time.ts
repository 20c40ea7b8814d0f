/**
 * Time of a whole training as a user meets it: process start, Parquet read, features, fit, evaluation, model written.
 * Run in turn with a bare start of the same Node, so that a slow machine shows in both.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { convert } from '../../src/core/datasets/convert.ts';
import { prepareRun } from '../../src/core/runs/prepare.ts';
import { runFileSchema } from '../../src/core/runs/spec.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import { workerCommand } from '../../src/core/runtime.ts';
import type { BenchRow } from './embedded-accuracy.ts';

const RUNS = 7;
const MOST_SECONDS = 3;

export async function trainingTimeBench(root: string): Promise<BenchRow[]> {
  const source = path.resolve(root, '../shared/data/hh-rlhf-harmless-base-test.jsonl.gz');
  if (!existsSync(source)) {
    return [{ what: 'training time', value: 'skipped: the hh-rlhf data is not there', target: '', met: undefined }];
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  try {
    const { records } = await convert({ input: source, method: 'bradley-terry', outputDir: path.join(folder, 'data') });
    const trainings: number[] = [];
    const starts: number[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      const [training, start] = [await timeTraining(root, folder), await timeStart()];
      // The first pair warms the file cache and is not counted.
      if (run === 0) continue;
      trainings.push(training);
      starts.push(start);
    }
    const ratios = trainings.map((seconds, run) => seconds / (starts[run] ?? Number.NaN));
    return [
      {
        what: `train ${records} pairs, whole process`,
        value: `${spread(trainings)} s`,
        target: `<= ${MOST_SECONDS} s`,
        met: median(trainings) <= MOST_SECONDS,
      },
      { what: 'bare start of the same Node', value: `${spread(starts)} s`, target: '', met: undefined },
      { what: 'ratio, pair by pair', value: spread(ratios), target: '', met: undefined },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timeTraining(root: string, folder: string): Promise<number> {
  const runFile = runFileSchema.parse({ method: 'bradley-terry', data: { train: 'data/data.parquet' } });
  const { folder: run } = await new RunStore(folder).create(await prepareRun(runFile, folder, 'bench'));
  const runtime = { nodePath: process.execPath, workersFolder: path.join(root, 'dist', 'workers'), version: 'bench' };
  const { file, args, env } = workerCommand(runtime, 'train-embedded', [run.path, '1']);
  return timeProcess(file, args, env);
}

const timeStart = (): Promise<number> => timeProcess(process.execPath, ['-e', '0'], {});

/** Wall seconds from start to end of a process. */
async function timeProcess(file: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { durationMs } = await execa(file, args, { env });
  return durationMs / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** "0.98 (0.95 to 1.10 over 7 runs)": median, least and most. */
function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)} over ${values.length} runs)`;
}
