/** Looks at one run for the alert rules: what is new in its events and its log, its disk, its process. */

import { statfs } from 'node:fs/promises';
import { type AlertId, runEventSchema } from '../events.ts';
import { readLog, tailOffset } from '../json-lines-log.ts';
import { LogFollower } from '../log-follower.ts';
import { ACTIVE_STATUSES, type RunState } from '../state.ts';
import { RunFolder } from '../store.ts';
import { AlertWindow } from './alert-window.ts';
import { findMemoryLine } from './memory-lines.ts';
import { type Finding, findAlerts } from './rules.ts';

/** Of a run that has gone on unwatched: thousands of steps, more than any rule looks back on. */
const TAIL_BYTES = 1024 * 1024;
const DISK_LOOK_MS = 10_000;

export class AlertWatch {
  readonly #folder: RunFolder;
  readonly #now: () => number;
  #window = new AlertWindow(0);
  #log: LogFollower | undefined;
  #offset: number | undefined;
  #heardAt = 0;
  #goneAt: number | undefined;
  #diskAt: number | undefined;
  #freeBytes: number | undefined;
  readonly #told = new Set<AlertId>();

  /** @param now a clock in ms that is never set */
  constructor(folder: string, now = () => performance.now()) {
    this.#folder = new RunFolder(folder);
    this.#now = now;
  }

  /** What is to be told of the run, given its state as of now. */
  async look(state: RunState): Promise<Finding[]> {
    const now = this.#now();
    if (state.fold.attempt !== this.#window.attempt) this.#begin(state);
    await this.#readEvents(now);
    await this.#readDisk(now);
    if (ACTIVE_STATUSES.has(state.status)) this.#goneAt = undefined;
    else this.#goneAt ??= now;
    const found = findAlerts({
      state,
      window: this.#window,
      silentMs: now - this.#heardAt,
      freeBytes: this.#freeBytes,
      memoryLine: findMemoryLine((await this.#log?.read()) ?? []),
      goneMs: this.#goneAt === undefined ? 0 : now - this.#goneAt,
    });
    // The state may be of before the last look.
    const fresh = found.filter(({ alert }) => !this.#told.has(alert));
    for (const { alert } of fresh) this.#told.add(alert);
    return fresh;
  }

  #begin({ fold }: RunState): void {
    this.#window = new AlertWindow(fold.attempt);
    // The log is one for all attempts: what an older one said of its memory is no news.
    this.#log = fold.process && new LogFollower(this.#folder.logFile, fold.process.logStart);
    this.#told.clear();
    this.#heardAt = this.#now();
  }

  async #readEvents(now: number): Promise<void> {
    const { eventsFile } = this.#folder;
    this.#offset ??= await tailOffset(eventsFile, TAIL_BYTES);
    const { entries, offset } = await readLog(eventsFile, runEventSchema, this.#offset);
    this.#offset = offset;
    if (entries.length > 0) this.#heardAt = now;
    for (const event of entries) this.#window.take(event);
  }

  async #readDisk(now: number): Promise<void> {
    if (this.#diskAt !== undefined && now - this.#diskAt < DISK_LOOK_MS) return;
    this.#diskAt = now;
    const found = await statfs(this.#folder.path).catch(() => undefined);
    this.#freeBytes = found && found.bavail * found.bsize;
  }
}
