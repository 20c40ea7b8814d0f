/** Runs a tool that installs packages, line by line, and ends it with all that it has started. */

import { execa } from 'execa';
import { StudioError } from '../errors.ts';

const windows = process.platform === 'win32';
/** Time to remove its temporary files after an interrupt. */
const TIDY_MS = 3_000;
/** What is kept of what it said, to tell why it failed. */
const KEPT_LINES = 200;

export interface ToolOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

export interface ToolEnd {
  readonly failed: boolean;
  /** Its last lines. */
  readonly said: readonly string[];
  readonly cause: unknown;
}

/** @throws StudioError 'cancelled', when no process of the tool is left */
export async function runTool(
  file: string,
  args: readonly string[],
  { signal, env, onLine }: ToolOptions,
): Promise<ToolEnd> {
  if (signal.aborted) throw new StudioError('cancelled', 'Cancelled.');
  // It leads a group: venv and pip start processes of their own, which would go on writing.
  const child = execa(file, args, {
    all: true,
    buffer: false,
    reject: false,
    stdin: 'ignore',
    detached: !windows,
    cleanup: windows,
    env,
  });
  const { pid } = child;
  const ending = new AbortController();
  const interrupt = () => {
    endGroup(pid, 'SIGINT');
    const timer = setTimeout(() => endGroup(pid, 'SIGKILL'), TIDY_MS);
    ending.signal.addEventListener('abort', () => clearTimeout(timer));
  };
  const endNow = () => endGroup(pid, 'SIGKILL');
  signal.addEventListener('abort', interrupt, { once: true });
  process.once('exit', endNow);
  try {
    const said: string[] = [];
    for await (const line of child.iterable({ from: 'all' })) {
      onLine(line);
      said.push(line);
      if (said.length > KEPT_LINES) said.shift();
    }
    const { failed, cause } = await child;
    if (signal.aborted) throw new StudioError('cancelled', 'Cancelled.');
    return { failed, said, cause };
  } finally {
    ending.abort();
    signal.removeEventListener('abort', interrupt);
    process.removeListener('exit', endNow);
    endGroup(pid, 'SIGKILL');
  }
}

function endGroup(pid: number | undefined, how: 'SIGINT' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    if (windows) void execa('taskkill', ['/pid', String(pid), '/T', '/F'], { reject: false });
    else process.kill(-pid, how);
  } catch (error) {
    // macOS says EPERM of a group whose last process has just ended.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
