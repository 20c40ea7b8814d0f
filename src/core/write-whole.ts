/** A file that is there whole or not at all. */

import { open, rename, rm } from 'node:fs/promises';

/** @param beside where it is written first; renamed to `file` once it is on the disk */
export async function writeWhole(file: string, contents: string | Uint8Array, beside: string): Promise<void> {
  try {
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(contents);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
