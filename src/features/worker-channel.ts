/** A worker that answers questions and the line to it: a child process on Node's IPC channel that ends with its parent. */

import { execa } from 'execa';
import { reportError, StudioError } from '../core/errors.ts';
import { type Runtime, type WorkerName, workerCommand } from '../core/runtime.ts';
import type { Fault } from '../protocol/dataset-viewer.ts';

/** The end of what a worker wrote to standard error that is kept for a log, in characters. */
export const STDERR_KEPT = 4_000;

export const CANCELLED: Fault = reportError(new StudioError('cancelled', 'Cancelled.'));

export type Worker = ReturnType<typeof startWorker>;

/** @param serialization 'advanced' where typed arrays travel */
export function startWorker(
  runtime: Runtime,
  worker: WorkerName,
  workerArgs: readonly string[],
  serialization: 'json' | 'advanced',
) {
  const { file, args, env } = workerCommand(runtime, worker, workerArgs);
  return execa(file, args, {
    env,
    ipc: true,
    serialization,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    encoding: 'buffer',
    buffer: false,
    reject: false,
    forceKillAfterDelay: 2_000,
  });
}

/** The channel for birpc. */
export const channelTo = (child: Worker) => ({
  // In braces: birpc awaits what this returns, and the child is a promise of its own end.
  on: (listener: (message: unknown) => void) => {
    child.on('message', listener);
  },
  post: (message: Parameters<Worker['send']>[0]) =>
    new Promise<void>((resolve, reject) => {
      child.send(message, (error) => (error ? reject(error) : resolve()));
    }),
  // A question about a large file may take minutes; it is cancelled, never timed out.
  timeout: -1,
});
