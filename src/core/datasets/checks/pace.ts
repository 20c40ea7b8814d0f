/** Keeps a long pass over rows polite: it tells of progress, and lets the process hear a cancellation in between. */

import { setImmediate } from 'node:timers/promises';
import type { CheckProgress } from './check.ts';

const ROWS = 256;
const MILLISECONDS = 50;

interface Listener {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
}

export class Pace {
  readonly #phase: string;
  readonly #totalRows: number;
  readonly #listener: Listener;
  #nextRow = 0;
  #nextTime = 0;

  constructor(phase: string, totalRows: number, listener: Listener) {
    this.#phase = phase;
    this.#totalRows = totalRows;
    this.#listener = listener;
  }

  isDue(row: number): boolean {
    if (row < this.#nextRow) return false;
    this.#nextRow = row + ROWS;
    return performance.now() >= this.#nextTime;
  }

  /** @throws the signal's own error */
  async pause(row: number): Promise<void> {
    this.#say(row, this.#totalRows);
    await setImmediate();
    this.#listener.signal?.throwIfAborted();
    this.#nextTime = performance.now() + MILLISECONDS;
  }

  /** For a pass that others do: they may tell as often as they like. */
  tell(rows: number, totalRows: number = this.#totalRows): void {
    const now = performance.now();
    if (now < this.#nextTime) return;
    this.#nextTime = now + MILLISECONDS;
    this.#say(rows, totalRows);
  }

  end(totalRows: number = this.#totalRows): void {
    this.#say(totalRows, totalRows);
  }

  #say(rows: number, totalRows: number): void {
    this.#listener.onProgress?.({ phase: this.#phase, rows, totalRows });
  }
}
