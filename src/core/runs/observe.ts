/** Reads a run's state from its folder, keeping its place in both logs so that nothing is read twice. */

import { open, stat } from 'node:fs/promises';
import os from 'node:os';
import { isSameProcess } from '../targets/process-identity.ts';
import { type ReadEvent, runEventParser } from './event-parser.ts';
import { controlEntrySchema } from './events.ts';
import { followLog, type LinePlace, type LogSlice, readLog } from './json-lines-log.ts';
import { JoinedRows, type MetricsRow } from './metrics-row.ts';
import type { RunSpec } from './spec.ts';
import {
  ACTIVE_STATUSES,
  EMPTY_FOLD,
  foldControl,
  foldEvent,
  type Liveness,
  processFailure,
  type RunFold,
  type RunState,
  runStatus,
} from './state.ts';
import { StepPace } from './step-pace.ts';
import type { RunFolder } from './store.ts';

const LOG_TAIL_BYTES = 16 * 1024;

export class RunObserver {
  readonly folder: RunFolder;
  readonly spec: RunSpec;
  readonly #onEvent: ((event: ReadEvent, place: LinePlace) => void) | undefined;
  #fold: RunFold = EMPTY_FOLD;
  #eventsOffset = 0;
  #controlOffset = 0;
  #pace = new StepPace();
  #pacedAttempt = 0;
  readonly #problems = new LogProblems();

  /** @param onEvent called with every event once, in their order, as they are read */
  constructor(folder: RunFolder, spec: RunSpec, onEvent?: (event: ReadEvent, place: LinePlace) => void) {
    this.folder = folder;
    this.spec = spec;
    this.#onEvent = onEvent;
  }

  /** Reads what is new and returns the state as of now; fails with 'run-not-found' once the folder is gone. */
  async observe(): Promise<RunState> {
    await this.#readLogs();
    await this.folder.requireThere();
    let liveness = await livenessOf(this.#fold);
    if (liveness === 'gone' && ACTIVE_STATUSES.has(runStatus(this.#fold, 'alive'))) {
      // It may have written its last words between our reading the log and its end: look once more.
      await this.#readLogs();
      liveness = await livenessOf(this.#fold);
    }
    const status = runStatus(this.#fold, liveness);
    return {
      spec: this.spec,
      folder: this.folder.path,
      status,
      fold: this.#fold,
      secondsPerStep: this.#pacedAttempt === this.#fold.attempt ? this.#pace.secondsPerStep : undefined,
      failure: status === 'failed' ? await this.#failure() : undefined,
      damagedLines: this.#problems.count,
      logProblems: this.#problems.texts,
    };
  }

  #addPace({ attempt, step, ms }: MetricsRow): void {
    if (attempt < this.#pacedAttempt) return;
    if (attempt > this.#pacedAttempt) this.#pace = new StepPace();
    this.#pacedAttempt = attempt;
    this.#pace.add(step, ms);
  }

  async #failure() {
    if (this.#fold.error) return this.#fold.error;
    return processFailure(this.#fold, await readLogTail(this.folder.logFile, 8), this.folder.logFile);
  }

  async #readLogs(): Promise<void> {
    const control = await readLog(this.folder.controlFile, controlEntrySchema, this.#controlOffset);
    this.#controlOffset = control.offset;
    this.#fold = control.entries.reduce(foldControl, this.#fold);
    const rows = new JoinedRows();
    const foldRows = () => {
      const row = rows.take();
      if (row) this.#fold = foldEvent(this.#fold, row);
    };
    const events = await followLog(this.folder.eventsFile, runEventParser, this.#eventsOffset, (event, place) => {
      this.#onEvent?.(event, place);
      if (event.kind === 'metrics') {
        this.#addPace(event);
        if (rows.join(event)) return;
        foldRows();
        rows.join(event);
      } else {
        foldRows();
        this.#fold = foldEvent(this.#fold, event);
      }
    });
    foldRows();
    this.#eventsOffset = events.offset;
    for (const [name, slice] of [
      ['control.jsonl', control],
      ['events.jsonl', events],
    ] as const) {
      this.#problems.add(name, slice);
    }
  }
}

const MOST_PROBLEMS = 20;

/** Damaged lines in words: the first ones, and how many more. */
class LogProblems {
  readonly #first: string[] = [];
  #count = 0;

  add(file: string, { problems, damaged }: Omit<LogSlice<unknown>, 'entries'>): void {
    this.#count += damaged;
    for (const { offset, message } of problems.slice(0, MOST_PROBLEMS - this.#first.length)) {
      this.#first.push(`${file}, byte ${offset}: ${message}`);
    }
  }

  get count(): number {
    return this.#count;
  }

  get texts(): readonly string[] {
    const more = this.#count - this.#first.length;
    return more === 0 ? this.#first : [...this.#first, `${more} more lines like these`];
  }
}

async function livenessOf(fold: RunFold): Promise<Liveness> {
  const { process: launched } = fold;
  if (!launched) return fold.reported === undefined ? 'alive' : 'unknown';
  if (launched.host !== os.hostname()) return 'unknown';
  return (await isSameProcess(launched.pid, launched.processStart)) ? 'alive' : 'gone';
}

/** The last lines of a text file of any size; empty when there is none. */
export async function readLogTail(file: string, lines: number): Promise<string[]> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return [];
  const handle = await open(file, 'r');
  try {
    const length = Math.min(size, LOG_TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer
      .toString('utf8')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .slice(-lines);
  } finally {
    await handle.close();
  }
}
