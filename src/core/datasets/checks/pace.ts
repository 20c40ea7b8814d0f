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
    this.#tell(row);
    await setImmediate();
    this.#listener.signal?.throwIfAborted();
    this.#nextTime = performance.now() + MILLISECONDS;
  }

  end(): void {
    this.#tell(this.#totalRows);
  }

  #tell(rows: number): void {
    this.#listener.onProgress?.({ phase: this.#phase, rows, totalRows: this.#totalRows });
  }
}
