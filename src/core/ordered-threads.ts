/**
 * Has threads answer requests. They end with the call, whether it ends well, by an error in one of them or by a
 * cancellation.
 */

import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parentPort, type ResourceLimits, Worker } from 'node:worker_threads';
import { type ErrorReport, errorFromReport, reportError } from './errors.ts';

const MOST_THREADS = 4;

/** A thread answers one request at a time, with any number of messages before the result. */
export type ThreadAnswer<Told, Result> =
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'error'; readonly error: ErrorReport };

export interface OrderedThreadsOptions<Told> {
  /** Given to every thread as it starts. */
  readonly workerData?: unknown;
  /** Of each thread's heap. */
  readonly limits?: ResourceLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onTold?: ((told: Told) => void) | undefined;
}

/** The entry point of threads, where this program has it: not where it runs from its source. */
export function threadFile(workersFolder: string | undefined, name: string): string | undefined {
  if (workersFolder === undefined) return undefined;
  const file = path.join(workersFolder, `${name}.mjs`);
  return existsSync(file) ? file : undefined;
}

export const threadCount = (): number => Math.min(MOST_THREADS, os.availableParallelism());

/**
 * @param take gets the results in the order of the requests, while later ones are being answered
 * @throws the signal's own error, or that of the first request that fails
 */
export async function answerInThreads<Request, Result, Told = never>(
  file: string,
  requests: readonly Request[],
  take: (result: Result) => void,
  { workerData, limits, signal, onTold }: OrderedThreadsOptions<Told>,
): Promise<void> {
  signal?.throwIfAborted();
  const waiting = new Map<number, Result>();
  let taken = 0;
  let next = 0;
  const threads = Array.from({ length: Math.min(threadCount(), requests.length) }, () =>
    startThread(file, workerData, limits),
  );
  let cancel = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => reject(signal?.reason);
    signal?.addEventListener('abort', cancel, { once: true });
  });
  try {
    const work = threads.map(async (thread) => {
      for (let index = next++; index < requests.length; index = next++) {
        waiting.set(index, await ask<Request, Result, Told>(thread, requests[index]!, onTold));
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

/** Texts are garbage within a row or two: room for more of them is memory, and saves next to nothing. */
const SMALL_GARBAGE: ResourceLimits = { maxYoungGenerationSizeMb: 16 };

/** Without the options of this process: they may load what is not meant for threads. */
function startThread(file: string, workerData: unknown, limits: ResourceLimits = SMALL_GARBAGE): Worker {
  return new Worker(file, {
    execArgv: [],
    name: path.basename(file, '.mjs'),
    workerData,
    resourceLimits: limits,
  });
}

function ask<Request, Result, Told>(
  thread: Worker,
  request: Request,
  onTold: ((told: Told) => void) | undefined,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => reject(new Error(`The thread ended with exit code ${code} before it answered.`));
    const listen = (answer: ThreadAnswer<Told, Result>) => {
      if (answer.kind === 'told') {
        onTold?.(answer.told);
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

/** Inside a thread: answers every request. */
export function answerRequests<Request, Result, Told = never>(
  answer: (request: Request, tell: (told: Told) => void) => Promise<Result>,
  transferred: (result: Result) => ArrayBuffer[] = () => [],
): void {
  const post = (message: ThreadAnswer<Told, Result>, transfer: ArrayBuffer[] = []) =>
    parentPort?.postMessage(message, transfer);
  parentPort?.on('message', async (request: Request) => {
    try {
      const result = await answer(request, (told) => post({ kind: 'told', told }));
      post({ kind: 'result', result }, transferred(result));
    } catch (error) {
      post({ kind: 'error', error: reportError(error) });
    }
  });
}
