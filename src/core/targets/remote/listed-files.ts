/** The files below a folder with their hashes: what is compared after they were brought to another machine, or from it. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

export interface ListedFile {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly source: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** In the order of their names; links are not followed. */
export async function listFiles(
  folder: string,
  { signal, keep = () => true }: { readonly signal?: AbortSignal; readonly keep?: (name: string) => boolean } = {},
): Promise<ListedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter(keep)
    .sort();
  const files: ListedFile[] = [];
  for (const name of names) {
    const source = path.join(folder, name);
    files.push({ path: name, source, bytes: (await stat(source)).size, sha256: await hashFile(source, signal) });
  }
  return files;
}

export async function hashFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** What travels of our Python package. */
export const packageFiles = (folder: string, signal?: AbortSignal): Promise<ListedFile[]> =>
  listFiles(folder, {
    ...(signal === undefined ? {} : { signal }),
    keep: (name) => /^(reward_studio|requirements)\/.*\.(py|json|txt)$/.test(name) && !name.includes('__pycache__'),
  });
