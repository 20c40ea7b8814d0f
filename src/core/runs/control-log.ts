/** The host's own log of a run. */

import { type ControlBody, controlEntrySchema } from './events.ts';
import { countEntries, LogWriter } from './json-lines-log.ts';
import type { RunFolder } from './store.ts';

/** A missing folder (the run was deleted) is no reason to fail. */
export async function appendControl(folder: RunFolder, attempt: number, body: ControlBody): Promise<void> {
  try {
    const written = await countEntries(folder.controlFile, controlEntrySchema, attempt);
    const writer = new LogWriter<ControlBody>(folder.controlFile, attempt, written);
    try {
      writer.append(body);
    } finally {
      writer.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
