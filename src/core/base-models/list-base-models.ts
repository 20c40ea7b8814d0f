/** The models on this machine that a training could begin with: those that work without a network. */

import path from 'node:path';
import { describeError, toStudioError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import { cachedModels, hubCacheFolder } from './hub-cache.ts';
import { type BaseModelFacts, inspectBaseModel, refuseBaseModel } from './inspect-base-model.ts';

export interface ListedModel {
  /** What a run file names: a folder or an id. */
  readonly name: string;
  /** For lists: the folder's own name, or the id. */
  readonly title: string;
  readonly folder: string;
  readonly source: 'workspace' | 'run' | 'cache';
  readonly facts: BaseModelFacts | undefined;
  /** Why it cannot be trained with the method. */
  readonly refusal: string | undefined;
}

export interface ListOptions {
  readonly method: MethodId;
  /** Folders that have a config.json. */
  readonly workspaceModels: readonly string[];
  /** Models of runs, with the runs' names. */
  readonly runModels: readonly { readonly folder: string; readonly title: string }[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Those of the workspace first, then those of runs, then the cache's. Folders that are no models are left out. */
export async function listBaseModels(options: ListOptions): Promise<ListedModel[]> {
  const { method, workspaceModels, runModels, env = process.env } = options;
  const cached = await cachedModels(hubCacheFolder(env));
  const candidates = [
    ...workspaceModels.map((folder) => ({
      name: folder,
      title: path.basename(folder),
      folder,
      source: 'workspace' as const,
    })),
    ...runModels.map(({ folder, title }) => ({ name: folder, title, folder, source: 'run' as const })),
    ...cached.map(({ id, folder }) => ({ name: id, title: id, folder, source: 'cache' as const })),
  ];
  const listed = await Promise.all(
    candidates.map(async (candidate) => {
      try {
        const facts = await inspectBaseModel(candidate.folder);
        const refusal = refuseBaseModel(facts, method, candidate.folder);
        return { ...candidate, facts, refusal: refusal && plain(refusal) };
      } catch (error) {
        const known = toStudioError(error);
        if (!known) throw error;
        // Any JSON project has a config.json: what names no architecture is none of ours.
        return candidate.source === 'workspace' ? undefined : { ...candidate, facts: undefined, refusal: plain(known) };
      }
    }),
  );
  return listed.filter((model) => model !== undefined);
}

const plain = ({ message, hint }: { message: string; hint: string | undefined }): string =>
  describeError({ code: 'invalid-model', message, where: {}, ...(hint === undefined ? {} : { hint }) });
