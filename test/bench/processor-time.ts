/** The processor time of another process, as Linux counts it. */

import { readdir, readFile } from 'node:fs/promises';

/**
 * Seconds that all threads of the process have run, to the nanosecond: the first field of `schedstat`; what a thread ran that
 * has ended is missing. Undefined on other systems.
 */
export async function processorSeconds(pid: number): Promise<number | undefined> {
  const folder = `/proc/${pid}/task`;
  try {
    const threads = await readdir(folder);
    const times = await Promise.all(threads.map((thread) => readFile(`${folder}/${thread}/schedstat`, 'utf8')));
    return times.reduce((sum, text) => sum + Number.parseInt(text, 10), 0) / 1e9;
  } catch {
    return undefined;
  }
}
