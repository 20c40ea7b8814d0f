/** What a run file names as its base model: a folder, a model of the hub's cache, or one that has to be fetched. */

import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import { cachedSnapshot, hubCacheFolder } from './hub-cache.ts';

export type BaseModel =
  | { readonly kind: 'folder'; readonly name: string; readonly folder: string }
  /** In the cache of the Hugging Face libraries, which find it there by its id without a network. */
  | { readonly kind: 'cached'; readonly name: string; readonly folder: string }
  | { readonly kind: 'remote'; readonly name: string };

/** `owner/name` or a name, as the hub has them. */
const HUB_ID = /^[A-Za-z0-9][\w.-]*(\/[\w.-]+)?$/;

/**
 * @param baseFolder what a relative path is relative to
 * @returns it, with its folder absolute; `name` is what a spec keeps
 * @throws StudioError 'file-not-found' for a path where nothing is, 'usage' for what is neither path nor id
 */
export async function findBaseModel(
  name: string,
  baseFolder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<BaseModel> {
  const given = name.trim();
  const folder = path.resolve(baseFolder, given.replace(/^~(?=$|[\\/])/, os.homedir()));
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return { kind: 'folder', name: folder, folder };
  const isPath = path.isAbsolute(given) || /^[.~]{1,2}[\\/]/.test(given) || given.includes('\\');
  if (isPath || found) {
    throw new StudioError('file-not-found', 'There is no folder of a base model here.', {
      where: { file: folder },
      hint: 'Name a folder with config.json, or the id of a model (owner/name).',
    });
  }
  if (!HUB_ID.test(given)) {
    throw new StudioError('usage', `"${given}" is neither a folder nor the id of a model.`, {
      hint: 'Ids are written owner/name, for example Qwen/Qwen3-0.6B.',
    });
  }
  const snapshot = cachedSnapshot(hubCacheFolder(env), given);
  return snapshot === undefined ? { kind: 'remote', name: given } : { kind: 'cached', name: given, folder: snapshot };
}
