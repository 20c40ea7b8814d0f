/** Starting, stopping and resuming runs. */

import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { engineTraits } from '../engines/engine.ts';
import { ENGINES } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { isElsewhere, resolveTarget } from '../targets/known-targets.ts';
import { DEFAULT_STOP_GRACE, type StopGrace } from '../targets/target.ts';
import { appendControl } from './control-log.ts';
import { stopElsewhere } from './elsewhere/stop-elsewhere.ts';
import { type LaunchedAttempt, launchAttempt } from './launch-attempt.ts';
import { RunObserver } from './observe.ts';
import type { RunDraft } from './prepare.ts';
import { enqueue, type LaunchOptions, launchQueued, type TurnsTaken, withLaunchLock } from './queue.ts';
import { checkpointToResume, refuseResume } from './resumable.ts';
import type { RunSpec } from './spec.ts';
import { ACTIVE_STATUSES, type RunState } from './state.ts';
import type { RunFolder, RunStore } from './store.ts';

const QUEUED_LOOK_MS = 1000;

export interface StartedRun {
  readonly folder: RunFolder;
  readonly spec: RunSpec;
  /** Undefined while the run waits for its turn: whichever host sees that it has come first launches it. */
  readonly pid: number | undefined;
  /** Resolves when the run has ended, and, where it was launched here, its control log says how. */
  readonly ended: Promise<void>;
}

interface RunOfStore {
  readonly folder: RunFolder;
  readonly spec: RunSpec;
}

/** Creates the run's folder and launches its trainer, at once or in its turn. It goes on when the caller ends. */
export async function startRun(
  store: RunStore,
  draft: RunDraft,
  runtime: Runtime,
  options: LaunchOptions = {},
): Promise<StartedRun> {
  const engine = ENGINES[draft.engine];
  if (!engine) throw new StudioError('not-available', `The engine "${draft.engine}" is not there yet.`);
  const run = await store.create(draft);
  if (engineTraits(engine, draft.settings).occupiesTarget) return takeTurn(store, run, 1, runtime, options);
  const { pid, ended } = await launchAttempt({ ...run, attempt: 1 }, engine, runtime, options.secrets);
  return { ...run, pid, ended };
}

/** Launches a run again from its newest checkpoint, at once or in its turn; refused with the reason. */
export async function resumeRun(
  store: RunStore,
  { folder, spec }: RunOfStore,
  runtime: Runtime,
  options: LaunchOptions = {},
): Promise<StartedRun> {
  const state = await new RunObserver(folder, spec).observe();
  const refusal = refuseResume(state);
  if (refusal) throw refusal;
  await checkpointToResume(folder, spec);
  const attempt = state.fold.attempt + 1;
  return takeTurn(store, { folder, spec }, attempt, runtime, options);
}

async function takeTurn(
  store: RunStore,
  run: RunOfStore,
  attempt: number,
  runtime: Runtime,
  options: LaunchOptions,
): Promise<StartedRun> {
  const own = launchOf(run, await enqueue(store, run.folder, attempt, runtime, options));
  const ended = own?.ended ?? endOfQueued(store, run, runtime, options);
  ended.catch(() => {});
  return { ...run, pid: own?.pid, ended };
}

function launchOf({ folder }: RunOfStore, { launched, failed }: TurnsTaken): LaunchedAttempt | undefined {
  const failure = failed.find((run) => run.folder.path === folder.path);
  if (failure) throw failure.error;
  return launched.find((run) => run.folder.path === folder.path);
}

/** Stays with a run that waits, and launches it unless another host does so first. */
async function endOfQueued(store: RunStore, run: RunOfStore, runtime: Runtime, options: LaunchOptions): Promise<void> {
  const observer = new RunObserver(run.folder, run.spec);
  for (;;) {
    const { status } = await observer.observe();
    if (!ACTIVE_STATUSES.has(status)) return;
    const own = status === 'queued' ? launchOf(run, await launchQueued(store, runtime, options)) : undefined;
    if (own) return own.ended;
    await wait(QUEUED_LOOK_MS);
  }
}

/**
 * Asks a run to write a checkpoint and stop, then makes it; returns its state afterwards. One that waits loses its
 * turn; one that has ended is left as it is.
 */
export async function stopRun(observer: RunObserver, grace: StopGrace = DEFAULT_STOP_GRACE): Promise<RunState> {
  const before = await observer.observe();
  if (!ACTIVE_STATUSES.has(before.status)) return before;
  // Nobody may launch it between our look and the request.
  const asked = await withLaunchLock(path.dirname(observer.folder.path), async () => {
    const now = await observer.observe();
    if (ACTIVE_STATUSES.has(now.status)) {
      await appendControl(observer.folder, Math.max(1, now.fold.attempt), { kind: 'stop-requested' });
    }
    return now;
  });
  if (asked.fold.process && ACTIVE_STATUSES.has(asked.status)) {
    await (isElsewhere(asked.spec.target)
      ? stopElsewhere(observer, grace)
      : resolveTarget(asked.spec.target).stop(asked.fold.process, grace));
  }
  return observer.observe();
}
