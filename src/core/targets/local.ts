/** The target `local`: a detached child process on this machine, which outlives the window that started it. */

import { open } from 'node:fs/promises';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { StudioError } from '../errors.ts';
import { isSameProcess, processStart } from './process-identity.ts';
import type { LaunchedRun, LaunchRequest, Target } from './target.ts';

const POLL_MS = 50;

export const localTarget: Target = {
  id: 'local',
  title: 'This machine',

  async launch({ command, workingFolder, logFile }: LaunchRequest): Promise<LaunchedRun> {
    // Loaded with the first launch: most windows launch nothing.
    const { execa } = await import('execa');
    const log = await open(logFile, 'a');
    // The process writes to the descriptor itself, so its output needs no one alive to pass it on. execa hands any
    // descriptor through; its types know only the first ten.
    const output = log.fd as 3;
    try {
      const child = execa(command.file, command.args, {
        cwd: workingFolder,
        env: command.env,
        detached: true,
        cleanup: false,
        reject: false,
        stdin: 'ignore',
        stdout: output,
        stderr: output,
        buffer: false,
      });
      const { pid } = child;
      if (pid === undefined) throw startFailure(command.file, (await child).cause);
      return {
        pid,
        processStart: await processStart(pid),
        host: os.hostname(),
        exited: child.then(({ exitCode, signal }) => ({ code: exitCode ?? null, signal: signal ?? null })),
      };
    } finally {
      await log.close();
    }
  },

  async stop({ pid, processStart: start }, { checkpointMs, signalMs }) {
    if (await endsWithin(pid, start, checkpointMs)) return;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      signalGroup(pid, signal);
      if (await endsWithin(pid, start, signalMs)) return;
    }
  },
};

function startFailure(file: string, cause: unknown): StudioError {
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  return new StudioError('trainer-died', `The trainer's program could not be started${detail}.`, {
    where: { file },
    cause,
  });
}

async function endsWithin(pid: number, start: string | null, ms: number): Promise<boolean> {
  const since = performance.now();
  while (await isSameProcess(pid, start)) {
    if (performance.now() - since >= ms) return false;
    await wait(POLL_MS);
  }
  return true;
}

/** The launched process leads its own group, so that what it started ends with it. Windows has no groups. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
