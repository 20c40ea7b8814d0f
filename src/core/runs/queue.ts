/**
 * Whose turn it is. A training that fills its target waits until fewer than the limit are running there; whichever
 * process notices first launches the next one, under a lock, so that it is launched once. What waits and what runs is
 * read from the control logs alone, in turns that were given out under the same lock.
 */

import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { engineTraits } from '../engines/engine.ts';
import { ENGINES } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { isSameProcess } from '../targets/process-identity.ts';
import { appendControl } from './control-log.ts';
import { controlEntrySchema } from './events.ts';
import { readLog } from './json-lines-log.ts';
import { type LaunchedAttempt, launchAttempt, type Secrets } from './launch-attempt.ts';
import { takeLock } from './process-lock.ts';
import { checkpointToResume } from './resumable.ts';
import type { RunSpec } from './spec.ts';
import type { RunFolder, RunStore } from './store.ts';

/** Two trainings on one GPU run out of its memory, so one at a time is what works everywhere. */
export const DEFAULT_MAX_CONCURRENT = 1;

export interface LaunchOptions {
  /** Most trainings at a time on one target, of engines that fill it. */
  readonly maxConcurrent?: number;
  readonly secrets?: Secrets;
}

export interface TurnsTaken {
  readonly launched: readonly LaunchedAttempt[];
  readonly failed: readonly { readonly folder: RunFolder; readonly error: unknown }[];
}

const LOCK_RETRY_MS = 10;
const LOCK_PATIENCE_MS = 10_000;

/** Gives a run's attempt the last turn, then launches every run whose turn has come. */
export function enqueue(
  store: RunStore,
  folder: RunFolder,
  attempt: number,
  runtime: Runtime,
  options: LaunchOptions = {},
): Promise<TurnsTaken> {
  return withLaunchLock(store.runsFolder, async () => {
    const turns = (await standings(store)).map(({ turn }) => turn ?? 0);
    await appendControl(folder, attempt, { kind: 'queued', turn: Math.max(0, ...turns) + 1 });
    return takeTurns(store, runtime, options);
  });
}

/** Launches every run whose turn has come. */
export function launchQueued(store: RunStore, runtime: Runtime, options: LaunchOptions = {}): Promise<TurnsTaken> {
  return withLaunchLock(store.runsFolder, () => takeTurns(store, runtime, options));
}

/** Runs `work` while no other process launches or withdraws a queued run of this store. */
export async function withLaunchLock<T>(runsFolder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(runsFolder, 'launch.lock');
  const since = performance.now();
  for (;;) {
    const taken = await takeLock(file);
    if ('lock' in taken) {
      try {
        return await work();
      } finally {
        taken.lock.release();
      }
    }
    if (performance.now() - since > LOCK_PATIENCE_MS) {
      const { pid, host } = taken.holder;
      throw new StudioError('run-busy', `Process ${pid} on ${host} has been launching a run for too long.`, {
        where: { file },
        hint: 'Delete this file if that process is gone.',
      });
    }
    await wait(LOCK_RETRY_MS);
  }
}

async function takeTurns(
  store: RunStore,
  runtime: Runtime,
  { maxConcurrent = DEFAULT_MAX_CONCURRENT, secrets }: LaunchOptions,
): Promise<TurnsTaken> {
  const all = await standings(store);
  const running = new Map<string, number>();
  for (const { spec, alive } of all) {
    if (alive && fillsTarget(spec)) count(running, spec.target);
  }
  const launched: LaunchedAttempt[] = [];
  const failed: { folder: RunFolder; error: unknown }[] = [];
  const waiting = all.filter((standing) => standing.turn !== undefined).sort((a, b) => a.turn! - b.turn!);
  for (const { folder, spec, attempt } of waiting) {
    const engine = ENGINES[spec.engine];
    if (!engine || (running.get(spec.target) ?? 0) >= maxConcurrent) continue;
    try {
      const resume = attempt === 1 ? {} : { resume: await newestCheckpoint(folder, spec, attempt) };
      launched.push(await launchAttempt({ folder, spec, attempt, ...resume }, engine, runtime, secrets));
      count(running, spec.target);
    } catch (error) {
      failed.push({ folder, error });
    }
  }
  return { launched, failed };
}

/** An engine that only another version knows is counted: it may fill the target. */
export function fillsTarget({ engine, settings }: RunSpec): boolean {
  const found = ENGINES[engine];
  return !found || engineTraits(found, settings).occupiesTarget;
}

/** A run whose checkpoint has gone while it waited is failed: it would not come back by waiting. */
async function newestCheckpoint(folder: RunFolder, spec: RunSpec, attempt: number) {
  try {
    return await checkpointToResume(folder, spec);
  } catch (error) {
    await appendControl(folder, attempt, { kind: 'exited', exit_code: null, signal: null });
    throw error;
  }
}

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

interface Standing {
  readonly folder: RunFolder;
  readonly spec: RunSpec;
  readonly attempt: number;
  /** Of a run that waits. */
  readonly turn: number | undefined;
  /** Whether its trainer runs, on this machine or elsewhere. */
  readonly alive: boolean;
}

async function standings(store: RunStore): Promise<Standing[]> {
  const { runs } = await store.list();
  return Promise.all(
    runs.map(async ({ folder, spec }) => {
      const { entries } = await readLog(folder.controlFile, controlEntrySchema);
      const attempt = Math.max(1, ...entries.map((entry) => entry.attempt));
      const newest = entries.filter((entry) => entry.attempt === attempt);
      const launched = newest.find((entry) => entry.kind === 'launched');
      const queued = newest.find((entry) => entry.kind === 'queued');
      const withdrawn = newest.some((entry) => entry.kind === 'stop-requested' || entry.kind === 'exited');
      const turn = queued && !launched && !withdrawn ? (queued.turn ?? 1) : undefined;
      const submitted = newest.some((entry) => entry.kind === 'submitted');
      const ended = newest.some((entry) => entry.kind === 'exited' || entry.kind === 'vanished');
      const alive = submitted
        ? !ended
        : launched !== undefined &&
          launched.host === os.hostname() &&
          (await isSameProcess(launched.pid, launched.process_start));
      return { folder, spec, attempt, turn, alive };
    }),
  );
}
