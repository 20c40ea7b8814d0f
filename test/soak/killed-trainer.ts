/** A trainer killed (SIGKILL) at a moment that a seed chooses: nothing that it had written may be lost or misread. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { runEventSchema } from '../../src/core/runs/events.ts';
import { readLog } from '../../src/core/runs/json-lines-log.ts';
import { RunObserver } from '../../src/core/runs/observe.ts';
import { prepareRun } from '../../src/core/runs/prepare.ts';
import { runFileSchema } from '../../src/core/runs/spec.ts';
import { startRun } from '../../src/core/runs/start.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import type { Runtime } from '../../src/core/runtime.ts';
import { writeSyntheticPairs } from './synthetic-pairs.ts';

/** More events than a run is left time to write. */
const MOST_EVENTS = 40;

export const checkoutRuntime = (root: string): Runtime => ({
  nodePath: process.execPath,
  workersFolder: path.join(root, 'dist', 'workers'),
  version: '0.0.0-test',
});

export interface KilledRun {
  readonly eventsBeforeKill: number;
  readonly eventsAfterwards: number;
}

/** Starts a run in `folder`, kills its trainer once it has written as many events as the seed says, and checks the state. */
export async function killTrainer(root: string, folder: string, seed: number): Promise<KilledRun> {
  const data = path.join(folder, 'pairs.jsonl');
  writeSyntheticPairs(data, 400);
  const runFile = runFileSchema.parse({
    method: 'bradley-terry',
    data: { train: data },
    seed,
    settings: { epochs: 200, patience: 200 },
  });
  const draft = await prepareRun(runFile, folder, 'test');
  const run = await startRun(new RunStore(folder), draft, checkoutRuntime(root));
  const wanted = (Math.imul(seed, 2654435761) >>> 0) % MOST_EVENTS;
  const observer = new RunObserver(run.folder, run.spec);
  let seen = 0;
  do {
    seen = (await readLog(run.folder.eventsFile, runEventSchema)).entries.length;
  } while (seen < wanted && (await observer.observe()).status !== 'finished');
  process.kill(run.pid!, 'SIGKILL');
  await run.ended;
  const { entries, problems } = await readLog(run.folder.eventsFile, runEventSchema);
  assert.equal(problems.length, 0, 'no damaged line');
  assert.ok(entries.length >= seen, 'no event lost');
  assert.deepEqual(
    entries.map((entry) => entry.seq),
    entries.map((_, index) => index + 1),
    'events numbered without gap or repeat',
  );
  const state = await observer.observe();
  if (state.fold.reported !== 'finished') {
    assert.equal(state.status, 'failed');
    assert.equal(state.failure?.code, 'trainer-died');
    assert.match(state.failure?.message ?? '', /SIGKILL/);
  }
  return { eventsBeforeKill: seen, eventsAfterwards: entries.length };
}
