/** A trainer killed (SIGKILL) at steps that a seed chooses, and resumed each time: the curve is as if nothing had been. */

import assert from 'node:assert/strict';
import { resumeRun, startRun } from '../../src/core/runs/start.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import { referenceDraft } from '../reference-trainer/draft.ts';
import { freshState, lossCurve, uninterruptedCurve, untilEvent } from '../reference-trainer/watch.ts';
import { checkoutRuntime } from './killed-trainer.ts';

const SETTINGS = { steps: 1500, checkpoint_every: 50 };
const MOST_KILLS = 4;

/** @returns how often the trainer was killed before it had finished */
export async function killAndResume(root: string, folder: string, seed: number): Promise<number> {
  const store = new RunStore(folder);
  let run = await startRun(store, referenceDraft(root, SETTINGS, seed), checkoutRuntime(root));
  let kills = 0;
  let draw = seed;
  for (let attempt = 1; attempt <= MOST_KILLS; attempt += 1) {
    draw = (Math.imul(draw, 2654435761) + 12345) >>> 0;
    const least = ((await freshState(run.folder)).fold.checkpoint?.step ?? 0) + SETTINGS.checkpoint_every;
    const wanted = least + (draw % 200);
    await untilEvent(
      run.folder,
      (event) =>
        event.attempt === attempt &&
        ((event.kind === 'checkpoint' && event.step >= wanted) ||
          (event.kind === 'status' && event.status === 'finished')),
    );
    // Between the event and the signal it has gone on: where it is hit is anywhere in its work.
    killIfThere(run.pid!);
    await run.ended;
    const state = await freshState(run.folder);
    if (state.status === 'finished') break;
    kills += 1;
    assert.equal(state.status, 'failed');
    assert.match(state.failure?.message ?? '', /SIGKILL/);
    run = await resumeRun(store, run, checkoutRuntime(root));
  }
  await run.ended;
  const state = await freshState(run.folder);
  assert.equal(state.status, 'finished', state.failure?.message);
  assert.deepEqual(await lossCurve(run.folder), uninterruptedCurve(SETTINGS, seed), 'the curve of a run left alone');
  return kills;
}

/** It may have come to its end since. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
