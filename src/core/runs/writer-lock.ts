/** One writer per run: a lock file with the writer's identity, taken over only from a writer that is gone. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import { isSameProcess, processStart } from '../targets/process-identity.ts';

interface Holder {
  readonly pid: number;
  readonly start: string | null;
  readonly host: string;
}

export interface WriterLock {
  release(): void;
}

/** Takes the lock of a run's folder for this process, or fails with 'run-busy' naming who holds it. */
export async function lockRun(folder: string): Promise<WriterLock> {
  const file = path.join(folder, 'writer.lock');
  const own: Holder = { pid: process.pid, start: (await processStart(process.pid)) ?? null, host: os.hostname() };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx' });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder && (holder.host !== own.host || (await isSameProcess(holder.pid, holder.start)))) {
      throw new StudioError('run-busy', `Process ${holder.pid} on ${holder.host} is already writing this run.`, {
        where: { file: folder },
        hint: 'Wait for it, stop it, or start a new run.',
      });
    }
    rmSync(file, { force: true });
  }
  throw new StudioError('run-busy', 'Other processes keep taking this run.', { where: { file: folder } });
}

function readHolder(file: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { pid, start, host } = value as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, start: start ?? null } : undefined;
  } catch {
    return undefined;
  }
}
