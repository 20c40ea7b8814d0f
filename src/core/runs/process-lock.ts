/**
 * A lock file that names its holder by pid, start time and machine. It outlives a holder that was killed and is then
 * taken over; a holder on another machine cannot be asked whether it lives and so keeps it.
 */

import { randomBytes } from 'node:crypto';
import { constants, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { isSameProcess, processStart } from '../targets/process-identity.ts';

export interface LockHolder {
  readonly pid: number;
  readonly start: string | null;
  readonly host: string;
}

export interface ProcessLock {
  release(): void;
}

/** A file is made empty and filled a moment later: this often, and this many ms apart, a damaged one is read again. */
const DAMAGED_READS = 5;
const DAMAGED_PAUSE_MS = 5;

/** Takes the lock for this process, or tells who holds it. */
export async function takeLock(file: string): Promise<{ lock: ProcessLock } | { holder: LockHolder }> {
  const own: LockHolder = { pid: process.pid, start: (await processStart(process.pid)) ?? null, host: os.hostname() };
  const text = JSON.stringify(own);
  for (let damagedReads = 0; ; ) {
    if (createFile(file, text)) return { lock: { release: () => removeOwn(file, text) } };
    const found = readText(file);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder && (holder.host !== own.host || (await isSameProcess(holder.pid, holder.start)))) return { holder };
    if (!holder && damagedReads < DAMAGED_READS) {
      damagedReads += 1;
      await wait(DAMAGED_PAUSE_MS);
      continue;
    }
    removeStale(file, found);
  }
}

function createFile(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Whoever saw a stale lock may be late: what it moves away is looked at, and put back where it is somebody's. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return;
  }
  try {
    if (readText(aside) !== stale) copyFileSync(aside, file, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** A lock that somebody took over, or whose folder is gone, is no longer ours to remove. */
function removeOwn(file: string, text: string): void {
  if (readText(file) === text) rmSync(file, { force: true });
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, start, host } = JSON.parse(text) as Partial<LockHolder>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, start: start ?? null } : undefined;
  } catch {
    return undefined;
  }
}
