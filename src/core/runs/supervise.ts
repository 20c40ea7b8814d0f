/**
 * What a host does for runs besides showing them: it launches those whose turn has come and writes down what is alarming.
 * Each run has one such host at a time, known by a lock file in its folder; the others only read.
 */

import path from 'node:path';
import { ENGINES } from '../engines/known-engines.ts';
import type { Runtime } from '../runtime.ts';
import { AlertWatch } from './alerts/alert-watch.ts';
import type { Finding } from './alerts/rules.ts';
import { appendControl } from './control-log.ts';
import { attachRun, isUnfollowed } from './elsewhere/attach.ts';
import { type ProcessLock, takeLock } from './process-lock.ts';
import { DEFAULT_MAX_CONCURRENT, fillsTarget, type LaunchOptions, launchQueued } from './queue.ts';
import { ACTIVE_STATUSES, type RunState } from './state.ts';
import { RunFolder, type RunStore } from './store.ts';

/** Between two tries to take what another host has, and between two looks at the queue. */
const RETRY_MS = 1000;
/** Between two connectors of one run, where they end at once. */
const ATTACH_PAUSE_MS = 30_000;

export interface Supervision {
  /** Called once for each alert, in the one host that writes it down. Other hosts find it in the run's log. */
  readonly onAlert: (state: RunState, finding: Finding) => void;
  /** A queued run could not be launched. */
  readonly onLaunchFailure: (folder: string, error: unknown) => void;
}

interface Watched {
  readonly watch: AlertWatch;
  lock: ProcessLock | undefined;
  triedAt: number;
}

export class RunSupervisor {
  readonly #store: RunStore;
  readonly #runtime: Runtime;
  readonly #options: () => LaunchOptions;
  readonly #supervision: Supervision;
  readonly #watched = new Map<string, Watched>();
  readonly #givenUp = new Set<string>();
  readonly #toldFailures = new Set<string>();
  readonly #attachedAt = new Map<string, number>();
  #queueLookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #disposed = false;

  constructor(store: RunStore, runtime: Runtime, options: () => LaunchOptions, supervision: Supervision) {
    this.#store = store;
    this.#runtime = runtime;
    this.#options = options;
    this.#supervision = supervision;
  }

  /** To be called whenever the states were looked at. A call while the one before goes on waits for that one. */
  look(states: readonly RunState[]): Promise<void> {
    this.#looking ??= this.#look(states).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Whether there is more to be seen of runs that have ended: look again in a while. */
  get unsettled(): boolean {
    return this.#watched.size > 0;
  }

  /** A look that goes on takes no further lock, and leaves what it finds to the next host. */
  dispose(): void {
    this.#disposed = true;
    for (const folder of [...this.#watched.keys()]) this.#leave(folder);
  }

  async #look(states: readonly RunState[]): Promise<void> {
    const wanted = states.filter((state) => this.#isToBeWatched(state));
    const folders = new Set(wanted.map(({ folder }) => folder));
    for (const folder of [...this.#watched.keys()].filter((known) => !folders.has(known))) this.#leave(folder);
    for (const state of wanted) if (!this.#disposed) await this.#watch(state);
    if (!this.#disposed) await this.#launch(states);
    if (!this.#disposed) await this.#attach(states);
  }

  /** Those that are active, and those that ended unseen, until that has been told. */
  #isToBeWatched({ status, fold, folder }: RunState): boolean {
    if (status === 'queued' || this.#givenUp.has(folder)) return false;
    if (ACTIVE_STATUSES.has(status)) return true;
    if (status !== 'failed' || fold.reported === 'failed') return false;
    const told = fold.alerts.some(({ alert }) => alert === 'process-gone' || alert === 'out-of-memory');
    return !told && (this.#watched.has(folder) || fold.exit === undefined);
  }

  async #watch(state: RunState): Promise<void> {
    const watched = this.#watched.get(state.folder) ?? {
      watch: new AlertWatch(state.folder),
      lock: undefined,
      triedAt: Number.NEGATIVE_INFINITY,
    };
    this.#watched.set(state.folder, watched);
    if (!watched.lock) {
      if (performance.now() - watched.triedAt < RETRY_MS) return;
      watched.triedAt = performance.now();
      const taken = await takeLock(path.join(state.folder, 'host.lock')).catch((error: unknown) => {
        // Deleted, or not ours to write: no look would go better.
        this.#givenUp.add(state.folder);
        this.#leave(state.folder);
        throw error;
      });
      if ('lock' in taken) {
        if (this.#disposed) taken.lock.release();
        else watched.lock = taken.lock;
      }
      // The one who had it may have told something since the state was read: the next look knows.
      return;
    }
    const found = await watched.watch.look(state);
    if (this.#disposed) return;
    for (const finding of found) {
      // Told even where the disk is too full to write it down.
      this.#supervision.onAlert(state, finding);
      await appendControl(new RunFolder(state.folder), state.fold.attempt, { kind: 'alert', ...finding });
    }
  }

  #leave(folder: string): void {
    this.#watched.get(folder)?.lock?.release();
    this.#watched.delete(folder);
  }

  /** Whoever may start trainings here follows again what nobody follows: its connector ended with the machine, or was killed. */
  async #attach(states: readonly RunState[]): Promise<void> {
    for (const state of states.filter(isUnfollowed)) {
      const since = performance.now() - (this.#attachedAt.get(state.folder) ?? Number.NEGATIVE_INFINITY);
      if (since < ATTACH_PAUSE_MS) continue;
      this.#attachedAt.set(state.folder, performance.now());
      await attachRun(state, this.#runtime, this.#options().secrets).catch((error: unknown) =>
        this.#supervision.onLaunchFailure(state.folder, error),
      );
    }
  }

  async #launch(states: readonly RunState[]): Promise<void> {
    const options = this.#options();
    const { maxConcurrent = DEFAULT_MAX_CONCURRENT } = options;
    const active = states.filter(({ status }) => ACTIVE_STATUSES.has(status));
    const runningOn = (target: string) =>
      active.filter(({ status, spec }) => status !== 'queued' && spec.target === target && fillsTarget(spec)).length;
    const hasTurn = active.some(
      ({ status, fold, spec }) =>
        status === 'queued' && fold.queued && ENGINES[spec.engine] && runningOn(spec.target) < maxConcurrent,
    );
    if (!hasTurn || performance.now() - this.#queueLookedAt < RETRY_MS) return;
    this.#queueLookedAt = performance.now();
    const { failed } = await launchQueued(this.#store, this.#runtime, options);
    for (const { folder, error } of failed) {
      // Where even that cannot be written down, it is tried again, but told once.
      if (!this.#toldFailures.has(folder.path)) this.#supervision.onLaunchFailure(folder.path, error);
      this.#toldFailures.add(folder.path);
    }
  }
}
