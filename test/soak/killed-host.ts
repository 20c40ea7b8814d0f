/**
 * The host that started a run is killed (SIGKILL) at a step that a seed chooses, alone or with its trainer, as when the
 * whole server dies. Whoever opens the folder next sees the state as it is, and the run comes to its end.
 */

import assert from 'node:assert/strict';
import { RunObserver } from '../../src/core/runs/observe.ts';
import { resumeRun } from '../../src/core/runs/start.ts';
import { ACTIVE_STATUSES } from '../../src/core/runs/state.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import { startHost } from '../reference-trainer/start-host.ts';
import { lossCurve, uninterruptedCurve, untilState, untilStep } from '../reference-trainer/watch.ts';
import { killIfThere } from './killed-and-resumed.ts';
import { checkoutRuntime } from './killed-trainer.ts';

const SETTINGS = { steps: 1500, checkpoint_every: 50 };

export async function killHost(root: string, folder: string, seed: number): Promise<void> {
  const store = new RunStore(folder);
  const host = startHost(root, folder, SETTINGS, seed);
  const { id, pid } = await host.run;
  const run = await store.find(id);
  await untilStep(run.folder, 1, 50 + ((Math.imul(seed, 2654435761) >>> 0) % 400));
  const withTrainer = seed % 2 === 0;
  if (withTrainer) killIfThere(pid!);
  await host.kill();
  const observer = new RunObserver(run.folder, run.spec);
  // A process that is just writing to the disk is gone only when that is done.
  const seen = await untilState(observer, ({ status }) => !withTrainer || !ACTIVE_STATUSES.has(status));
  if (withTrainer && seen.status !== 'finished') {
    assert.equal(seen.status, 'failed');
    assert.equal(seen.fold.process?.pid, pid);
    await (await resumeRun(store, run, checkoutRuntime(root))).ended;
  } else {
    assert.ok(seen.status === 'running' || seen.status === 'finished', `the trainer goes on, it is not ${seen.status}`);
  }
  const state = await untilState(observer, ({ status }) => !ACTIVE_STATUSES.has(status));
  assert.equal(state.status, 'finished', state.failure?.message);
  const damage = withTrainer ? 'damaged lines may be' : 'no damaged lines';
  assert.deepEqual(await lossCurve(run.folder, damage), uninterruptedCurve(SETTINGS, seed));
}
