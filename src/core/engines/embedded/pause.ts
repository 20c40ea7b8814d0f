/** Lets the event loop run during long arithmetic, so that signals, timers and messages are served. */

import { setImmediate } from 'node:timers/promises';
import { StudioError } from '../../errors.ts';

const SLICE_MS = 20;

/**
 * A function to call often: it yields to the event loop after every 20 ms of work, and fails with 'cancelled' once
 * `signal` is aborted. When it yields depends on the clock; what is computed does not.
 */
export function cooperativePause(signal?: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since >= SLICE_MS) {
      await setImmediate();
      since = performance.now();
    }
    if (signal?.aborted) throw new StudioError('cancelled', 'Training was cancelled.');
  };
}
