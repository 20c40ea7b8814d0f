/**
 * Reads ranges of rows in threads. They end with the call, whether it ends well, by an error in one of them or by a
 * cancellation.
 */

import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ErrorReport, errorFromReport } from '../../errors.ts';
import type { RangeRequest, RangeResult } from './row-range.ts';

const MOST_THREADS = 4;

/** Questions of the thread are answered in order. */
export type RangeAnswer =
  | { readonly kind: 'read'; readonly rows: number; readonly bytes: number }
  | { readonly kind: 'result'; readonly result: RangeResult }
  | { readonly kind: 'error'; readonly error: ErrorReport };

export interface RangeListener {
  readonly signal?: AbortSignal | undefined;
  /** Sums over all ranges. */
  readonly onRead?: ((rows: number, bytes: number) => void) | undefined;
}

/** The entry point of the threads, where this program has one. */
export function rangeWorker(workersFolder: string | undefined): string | undefined {
  if (workersFolder === undefined) return undefined;
  const file = path.join(workersFolder, 'check-rows.mjs');
  return existsSync(file) ? file : undefined;
}

export const threadCount = (): number => Math.min(MOST_THREADS, os.availableParallelism());

/**
 * @param take gets the results in the order of the requests, while later ranges are being read
 * @throws the signal's own error, or that of the first range that fails
 */
export async function readRanges(
  worker: string,
  requests: readonly RangeRequest[],
  take: (result: RangeResult) => void,
  { signal, onRead }: RangeListener,
): Promise<void> {
  signal?.throwIfAborted();
  const waiting = new Map<number, RangeResult>();
  let taken = 0;
  const total = { rows: 0, bytes: 0 };
  const threads = Array.from({ length: Math.min(threadCount(), requests.length) }, () => startThread(worker));
  let next = 0;
  let cancel = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => reject(signal?.reason);
    signal?.addEventListener('abort', cancel, { once: true });
  });
  try {
    const work = threads.map(async (thread) => {
      for (let index = next++; index < requests.length; index = next++) {
        const result = await ask(thread, requests[index]!, (rows, bytes) => {
          total.rows += rows;
          total.bytes += bytes;
          onRead?.(total.rows, total.bytes);
        });
        waiting.set(index, result);
        for (let first = waiting.get(taken); first !== undefined; first = waiting.get(taken)) {
          waiting.delete(taken++);
          take(first);
        }
      }
    });
    await Promise.race([Promise.all(work), cancelled]);
  } finally {
    signal?.removeEventListener('abort', cancel);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Without the options of this process: they may load what is not meant for threads. */
function startThread(worker: string): Worker {
  return new Worker(worker, {
    execArgv: [],
    name: 'check-rows',
    // Texts are garbage within a row or two: room for more of them is memory, and saves next to nothing.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
}

function ask(
  thread: Worker,
  request: RangeRequest,
  onRead: (rows: number, bytes: number) => void,
): Promise<RangeResult> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => reject(new Error(`The thread ended with exit code ${code} before it answered.`));
    const listen = (answer: RangeAnswer) => {
      if (answer.kind === 'read') {
        onRead(answer.rows, answer.bytes);
        return;
      }
      thread.off('message', listen).off('error', reject).off('exit', ended);
      if (answer.kind === 'result') resolve(answer.result);
      else reject(errorFromReport(answer.error));
    };
    thread.on('message', listen).on('error', reject).on('exit', ended);
    thread.postMessage(request);
  });
}
