import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { readReport } from '../../../src/core/evaluations/evaluation-files.ts';
import type { Runtime } from '../../../src/core/runtime.ts';
import { askDatasetTask } from '../../../src/features/ask-dataset-task.ts';
import { writeSyntheticPairs } from '../../soak/synthetic-pairs.ts';
import { EXAMPLES, runCli, runCliJson } from '../cli/run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const runtime: Runtime = {
  nodePath: process.execPath,
  workersFolder: path.join(root, 'dist', 'workers'),
  version: '0',
};

/** A workspace with one finished run. */
async function trained(): Promise<{ folder: string; run: string }> {
  const folder = temporaryFolder();
  await runCliJson(folder, ['train', path.join(EXAMPLES, 'bradley-terry', 'train.parquet'), '--method', 'bt']);
  const runs = path.join(folder, '.reward-studio', 'runs');
  return { folder, run: path.join(runs, readdirSync(runs).find((name) => !name.startsWith('.'))!) };
}

const keptIn = (run: string): string[] => {
  const folder = path.join(run, 'evaluations');
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('an evaluation in a process of its own', () => {
  it('is kept in the folder of the run, with the numbers of the command line', async () => {
    const { folder, run } = await trained();
    const file = path.join(EXAMPLES, 'bradley-terry', 'test.parquet');
    const told: number[] = [];
    const done = await askDatasetTask(
      runtime,
      { kind: 'evaluate', grader: { kind: 'run', storeBase: folder, runFolder: run }, base: folder, file, runtime },
      { signal: new AbortController().signal, onProgress: (share) => told.push(share) },
    );
    const kept = await readReport(done.file);
    const printed = await runCliJson<typeof kept>(folder, ['evaluate', 'bradley-terry-train', file]);
    expect(printed.evaluation).toEqual(kept.evaluation);
    expect(printed.slicings).toEqual(kept.slicings);
    expect(printed.worst).toEqual(kept.worst);
    expect(done).toMatchObject({ graded: 83, total: 83 });
    expect(keptIn(run)).toEqual([path.basename(done.file)]);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    const { stdout } = await runCli(folder, ['evaluate', 'bradley-terry-train', file]);
    expect(stdout).toContain(`pair accuracy ${kept.evaluation.measures[0]!.value.toFixed(3)} (95 % interval`);
    expect(stdout).toMatch(/by label strength: pair accuracy\n {2}1: 0\.\d{3}/);
    expect(stdout).toMatch(/worst rows\n {2}row \d+: label chosen, answer rejected, wrong by/);
  });

  it('that is cancelled ends, and keeps nothing', async () => {
    const { folder, run } = await trained();
    const file = path.join(folder, 'many.jsonl');
    writeSyntheticPairs(file, 60_000);
    const controller = new AbortController();
    const asked = askDatasetTask(
      runtime,
      { kind: 'evaluate', grader: { kind: 'run', storeBase: folder, runFolder: run }, base: folder, file, runtime },
      { signal: controller.signal, onProgress: (_, message) => message?.startsWith('row') && controller.abort() },
    );
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(keptIn(run)).toEqual([]);
  });
});
