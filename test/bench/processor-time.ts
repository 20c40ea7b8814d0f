/** The processor time of another process, as Linux counts it. */

import { readFile } from 'node:fs/promises';

/**
 * Seconds of all its threads: user and system time, fields 14 and 15 of `/proc/PID/stat`, in hundredths of a second on every
 * Linux of today; undefined on other systems.
 */
export async function processorSeconds(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) / 100;
}
