/**
 * The cache of the Hugging Face libraries on this machine: which models are in it, and where. Layout as documented by
 * huggingface_hub ("Understand caching"): `models--OWNER--NAME/refs/main` names a commit, `snapshots/COMMIT` holds its files.
 */

import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface CachedModel {
  /** `owner/name`, or a name alone. */
  readonly id: string;
  /** Folder of its newest snapshot. */
  readonly folder: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the libraries keep what they have fetched, by their own variables. */
export function hubCacheFolder(env: Environment, home = os.homedir()): string {
  if (env.HF_HUB_CACHE) return env.HF_HUB_CACHE;
  if (env.HUGGINGFACE_HUB_CACHE) return env.HUGGINGFACE_HUB_CACHE;
  const root = env.HF_HOME ?? path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), 'huggingface');
  return path.join(root, 'hub');
}

/** Sorted by id; what the cache names without having its config.json is left out. */
export async function cachedModels(cache: string): Promise<CachedModel[]> {
  const names = await readdir(cache).catch(() => []);
  return names
    .filter((name) => name.startsWith('models--'))
    .flatMap((name) => {
      const folder = snapshotOf(path.join(cache, name));
      return folder === undefined ? [] : [{ id: name.slice('models--'.length).replaceAll('--', '/'), folder }];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The snapshot that `owner/name` would be loaded from without a network, or undefined. */
export const cachedSnapshot = (cache: string, id: string): string | undefined =>
  snapshotOf(path.join(cache, `models--${id.replaceAll('/', '--')}`));

/** Two small looks at the disk, so that a command can be made of a spec without waiting. */
function snapshotOf(folder: string): string | undefined {
  const reference = path.join(folder, 'refs', 'main');
  const commit = existsSync(reference) ? readFileSync(reference, 'utf8').trim() : '';
  // A commit is a hash: whatever else stands there is no name of a folder.
  if (!/^[0-9a-f]+$/i.test(commit)) return undefined;
  const snapshot = path.join(folder, 'snapshots', commit);
  return existsSync(path.join(snapshot, 'config.json')) ? snapshot : undefined;
}
