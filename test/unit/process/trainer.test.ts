import { appendFileSync, existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { prepareRun } from '../../../src/core/runs/prepare.ts';
import { runFileSchema } from '../../../src/core/runs/spec.ts';
import { startRun, stopRun } from '../../../src/core/runs/start.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { lockRun } from '../../../src/core/runs/writer-lock.ts';
import { workerCommand } from '../../../src/core/runtime.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { writeSyntheticPairs } from '../../soak/synthetic-pairs.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const runtime = checkoutRuntime(root);

async function draftOf(folder: string, settings: Record<string, number> = {}) {
  const data = path.join(folder, 'pairs.jsonl');
  writeSyntheticPairs(data, 300);
  const runFile = runFileSchema.parse({ method: 'bradley-terry', data: { train: data }, settings });
  return prepareRun(runFile, folder, 'test');
}

describe('the trainer of a run', () => {
  it('learns, writes its events, and ends with a model', async () => {
    const folder = temporaryFolder();
    const run = await startRun(new RunStore(folder), await draftOf(folder), runtime);
    await run.ended;
    const state = await new RunObserver(run.folder, run.spec).observe();
    expect(state).toMatchObject({ status: 'finished', logProblems: [], fold: { exit: { code: 0 } } });
    const result = state.fold.result;
    expect(existsSync(path.join(run.folder.path, result?.model ?? ''))).toBe(true);
    expect(result?.evaluation?.measures[0]).toMatchObject({ name: 'pair-accuracy', value: 1 });
    expect(existsSync(path.join(run.folder.path, 'writer.lock'))).toBe(false);
  });

  it('stops when it is asked to, and the run says so', async () => {
    const folder = temporaryFolder();
    const run = await startRun(new RunStore(folder), await draftOf(folder, { epochs: 200, patience: 200 }), runtime);
    const state = await stopRun(new RunObserver(run.folder, run.spec));
    await run.ended;
    expect(state.status).toBe('stopped');
  });

  it('is refused a run that another writer holds', async () => {
    const folder = temporaryFolder();
    const run = await new RunStore(folder).create(await draftOf(folder));
    const lock = await lockRun(run.folder.path);
    const { file, args, env } = workerCommand(runtime, 'train-embedded', [run.folder.path, '1']);
    const second = await execa(file, args, { env, reject: false });
    lock.release();
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain(`Process ${process.pid}`);
    expect(existsSync(run.folder.eventsFile)).toBe(false);
  });

  it('says that the disk is full, and the run is failed with that line', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('this system has no /dev/full');
    const folder = temporaryFolder();
    const run = await new RunStore(folder).create(await draftOf(folder));
    symlinkSync('/dev/full', run.folder.eventsFile);
    const { file, args, env } = workerCommand(runtime, 'train-embedded', [run.folder.path, '1']);
    const { exitCode, all } = await execa(file, args, { env, reject: false, all: true });
    expect(exitCode).toBe(1);
    expect(all).toContain('The disk is full');
  });

  it('damaged lines in its log are passed over with a warning, the rest is used', async () => {
    const folder = temporaryFolder();
    const run = await startRun(new RunStore(folder), await draftOf(folder), runtime);
    await run.ended;
    appendFileSync(run.folder.eventsFile, 'garbage\n');
    const state = await new RunObserver(run.folder, run.spec).observe();
    expect(state.status).toBe('finished');
    expect(state.logProblems).toHaveLength(1);
  });
});
