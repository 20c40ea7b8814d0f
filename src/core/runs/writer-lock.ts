/** One writer per run. */

import path from 'node:path';
import { StudioError } from '../errors.ts';
import { type ProcessLock, takeLock } from './process-lock.ts';

/** Takes the lock of a run's folder for this process, or fails with 'run-busy' naming who holds it. */
export async function lockRun(folder: string): Promise<ProcessLock> {
  const taken = await takeLock(path.join(folder, 'writer.lock'));
  if ('lock' in taken) return taken.lock;
  const { pid, host } = taken.holder;
  throw new StudioError('run-busy', `Process ${pid} on ${host} is already writing this run.`, {
    where: { file: folder },
    hint: 'Wait for it, stop it, or start a new run.',
  });
}
