/** What a user names as "the model": a model file or folder, a run's folder, or a run by id or name. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import { RunObserver } from '../runs/observe.ts';
import { RunFolder, type RunStore } from '../runs/store.ts';
import { GRADER_FILE } from './local-model/grader-file.ts';

export interface ModelReference {
  readonly file: string;
  /** Name for people: the run's, else the file's. */
  readonly name: string;
  /** When it was trained, ISO 8601; the file's time where no run tells. */
  readonly trainedAt: string;
  /** Of the run that trained it, where one tells. */
  readonly runFolder?: string;
}

export async function resolveModel(reference: string, store: RunStore): Promise<ModelReference> {
  const found = await stat(reference).catch(() => undefined);
  if (found?.isFile()) {
    return { file: path.resolve(reference), name: path.basename(reference), trainedAt: found.mtime.toISOString() };
  }
  if (found?.isDirectory()) {
    const trained = await stat(path.join(reference, GRADER_FILE)).catch(() => undefined);
    const file = path.resolve(reference);
    if (trained) return { file, name: path.basename(file), trainedAt: trained.mtime.toISOString() };
  }
  const folder = found?.isDirectory() ? new RunFolder(path.resolve(reference)) : (await store.find(reference)).folder;
  const spec = await folder.readSpec();
  const state = await new RunObserver(folder, spec).observe();
  const { result, updatedAt } = state.fold;
  if (!result) {
    throw new StudioError('invalid-model', `This run has no model: it is ${state.status}.`, {
      where: { file: folder.path },
      hint: 'Wait until it has finished, or name another run.',
    });
  }
  return {
    file: path.join(folder.path, result.model),
    name: spec.name,
    trainedAt: updatedAt ?? spec.created_at,
    runFolder: folder.path,
  };
}
