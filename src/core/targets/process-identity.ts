/** Which process is meant: a pid alone may have been given to another program, a pid with its start time has not. */

import { readFile } from 'node:fs/promises';

/** Start time of a process in the system's own words, or undefined when there is no such process (or none can be told). */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) return undefined;
    // Fields follow the command name, which is in parentheses and may contain any character (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie (state Z) has ended: it only waits to be reaped. Field 22 of the file is starttime.
    return fields[0] === 'Z' ? undefined : fields[19];
  }
  const [file, args] =
    process.platform === 'win32'
      ? [
          'powershell.exe',
          ['-NoProfile', '-NonInteractive', '-Command', `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().Ticks`],
        ]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  const { execa } = await import('execa');
  const { stdout, failed } = await execa(file as string, args as string[], { reject: false, env: { LC_ALL: 'C' } });
  const text = typeof stdout === 'string' ? stdout.trim() : '';
  return failed || text === '' ? undefined : text;
}

/** Whether the process that was started as `pid` at `start` still runs. */
export async function isSameProcess(pid: number, start: string | null): Promise<boolean> {
  const now = await processStart(pid);
  return now !== undefined && (start === null || now === start);
}
