/**
 * How a trainer learns that it is asked to stop: it looks into `control.jsonl`, which works for any language on any
 * system, for `stop-requested` of its attempt. Between two looks that find nothing new it costs one stat.
 */

import { statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { controlEntrySchema } from './events.ts';
import { readLog } from './json-lines-log.ts';

const LOOK_MS = 100;

export class StopRequests {
  readonly #file: string;
  readonly #attempt: number;
  #size = 0;
  #offset = 0;
  #requested = false;

  constructor(controlFile: string, attempt: number) {
    this.#file = controlFile;
    this.#attempt = attempt;
  }

  async requested(): Promise<boolean> {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (this.#requested || size === this.#size) return this.#requested;
    this.#size = size;
    const { entries, offset } = await readLog(this.#file, controlEntrySchema, this.#offset);
    this.#offset = offset;
    this.#requested = entries.some((entry) => entry.kind === 'stop-requested' && entry.attempt === this.#attempt);
    return this.#requested;
  }
}

/** Resolves when the attempt is asked to stop; keeps no process alive. For trainers that can be ended at any moment. */
export async function stopRequested(controlFile: string, attempt: number): Promise<void> {
  const requests = new StopRequests(controlFile, attempt);
  while (!(await requests.requested())) await wait(LOOK_MS, undefined, { ref: false });
}
