import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import type { Finding } from '../../../src/core/runs/alerts/rules.ts';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { resumeRun, startRun } from '../../../src/core/runs/start.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { RunSupervisor } from '../../../src/core/runs/supervise.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';
import { freshState, lossCurve, uninterruptedCurve, untilState } from '../../reference-trainer/watch.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { smallDisk } from './small-disk.ts';

const NO_DISK = 'a file system of its own can be mounted by root on Linux only';
const runtime = checkoutRuntime(root);

describe('a disk that is full', () => {
  it('ends the run, which goes on from its last whole checkpoint once there is space', async ({ skip }) => {
    const disk = smallDisk('512k') ?? skip(NO_DISK);
    const settings = { steps: 600, checkpoint_every: 50 };
    const ballast = path.join(disk.folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(420 * 1024));
    const run = await startRun(new RunStore(disk.folder), referenceDraft(root, settings), runtime);
    const observer = new RunObserver(run.folder, run.spec);
    // Its end cannot be written down either: the process tells it.
    const state = await untilState(observer, ({ status }) => status === 'failed');
    expect(state).toMatchObject({ failure: { code: 'trainer-died' } });
    const { checkpoint } = state.fold;
    expect(checkpoint?.step).toBeLessThan(600);
    await run.ended.catch((error) => expect(error).toMatchObject({ code: 'ENOSPC' }));
    rmSync(ballast);
    const resumed = await resumeRun(new RunStore(disk.folder), run, runtime);
    await resumed.ended;
    expect(await freshState(run.folder)).toMatchObject({ status: 'finished', fold: { attempt: 2, step: 600 } });
    expect(await lossCurve(run.folder, 'damaged lines may be')).toEqual(uninterruptedCurve(settings, 1));
  });

  it('refuses a new run in a sentence and leaves no half of it behind', async ({ skip }) => {
    const disk = smallDisk('64k') ?? skip(NO_DISK);
    const store = new RunStore(disk.folder);
    await store.create(referenceDraft(root));
    writeFileSync(path.join(disk.folder, 'ballast'), '');
    try {
      writeFileSync(path.join(disk.folder, 'ballast'), Buffer.alloc(64 * 1024));
    } catch {
      // As much of it as there was space for.
    }
    await expect(startRun(store, referenceDraft(root), runtime)).rejects.toMatchObject({ code: 'ENOSPC' });
    const { runs, problems } = await store.list();
    expect({ runs: runs.length, problems }).toEqual({ runs: 1, problems: [] });
  });
});

describe('a workspace that can only be read', () => {
  it('shows its runs, and refuses to start, resume or watch one with the reason', async ({ skip }) => {
    const disk = smallDisk('1m') ?? skip(NO_DISK);
    const store = new RunStore(disk.folder);
    const run = await startRun(store, referenceDraft(root, { out_of_memory_at_step: 25 }), runtime);
    await run.ended;
    disk.makeReadOnly();
    const state = await freshState(run.folder);
    expect(state).toMatchObject({ status: 'failed', fold: { checkpoint: { step: 20 } } });
    await expect(startRun(store, referenceDraft(root), runtime)).rejects.toMatchObject({ code: 'EROFS' });
    await expect(resumeRun(store, run, runtime)).rejects.toMatchObject({ code: 'EROFS' });
    const told: Finding[] = [];
    const supervisor = new RunSupervisor(store, runtime, () => ({}), {
      onAlert: (_state, finding) => told.push(finding),
      onLaunchFailure: () => {},
    });
    const unseen = { ...state, fold: { ...state.fold, exit: undefined } };
    await expect(supervisor.look([unseen])).rejects.toMatchObject({ code: 'EROFS' });
    expect(supervisor.unsettled).toBe(false);
    await supervisor.look([unseen]);
    expect(existsSync(path.join(run.folder.path, 'host.lock'))).toBe(false);
  });
});
