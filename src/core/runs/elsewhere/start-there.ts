/** A run as it is started elsewhere: what is brought there, the spec with the paths of that machine, and the command. */

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '../../engines/engine.ts';
import { StudioError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import { formatBytes } from '../../sizes.ts';
import { hashFile, listFiles } from '../../targets/remote/listed-files.ts';
import type { PlacesThere, RemoteStart, Upload } from '../../targets/remote/remote-target.ts';
import type { RunSpec } from '../spec.ts';

/** Models beyond it are to be where they are trained: a folder there, or an id that is fetched there. */
const LARGEST_MODEL = 2 * 2 ** 30;

export interface StartThere {
  readonly spec: RunSpec;
  readonly attempt: number;
  readonly engine: Engine;
  readonly version: string;
  /** Relative to the run's folder. */
  readonly checkpoint?: string | undefined;
  readonly secrets: Readonly<Record<string, string>>;
}

/** @throws StudioError for data that have changed since, and for a base model that is too large to be brought */
export async function startThere(given: StartThere, signal?: AbortSignal): Promise<RemoteStart> {
  const { spec, attempt, engine, version, checkpoint, secrets } = given;
  const uploads = await uploadsOf(spec, signal);
  return {
    runId: spec.id,
    attempt,
    uploads: Object.values(uploads).filter((upload) => upload !== undefined),
    spec: (places) => specThere(spec, uploads, places),
    command: (places) => {
      const there = specThere(spec, uploads, places);
      const from = checkpoint === undefined ? undefined : `${places.runFolder}/${checkpoint}`;
      return engine.command(there, places.runFolder, attempt, runtimeThere(places, version), from);
    },
    secrets,
  };
}

/** What our own parts are there: Python alone. */
export const runtimeThere = ({ python, packageFolder }: PlacesThere, version: string): Runtime => ({
  nodePath: '',
  workersFolder: '',
  version,
  python: { packageFolder, interpreter: python, elsewhere: true },
});

interface Uploads {
  readonly train: Upload;
  readonly validation: Upload | undefined;
  readonly model: Upload | undefined;
}

async function uploadsOf({ data, base_model: model }: RunSpec, signal: AbortSignal | undefined): Promise<Uploads> {
  return {
    train: await uploadOf('train', data.train.path, signal),
    validation: data.validation && (await uploadOf('validation', data.validation.path, signal)),
    model: model !== undefined && path.isAbsolute(model) ? await uploadOfModel(model, signal) : undefined,
  };
}

export function specThere(spec: RunSpec, { train, validation, model }: Uploads, places: PlacesThere): RunSpec {
  return {
    ...spec,
    data: {
      ...spec.data,
      train: { ...spec.data.train, path: places.file(train.name) },
      ...(spec.data.validation && validation
        ? { validation: { ...spec.data.validation, path: places.file(validation.name) } }
        : {}),
    },
    ...(model === undefined ? {} : { base_model: places.file(model.name) }),
  };
}

async function uploadOfModel(folder: string, signal: AbortSignal | undefined): Promise<Upload> {
  const upload = await uploadOf('base-model', folder, signal);
  if (upload.bytes <= LARGEST_MODEL) return upload;
  throw new StudioError('usage', `This base model has ${formatBytes(upload.bytes)}, which is too much to be brought.`, {
    where: { file: folder },
    hint: 'Name the id of a model instead: it is fetched where it is trained.',
  });
}

/** What is at a path, by name of what it is in the run; the end of the file's name says its format. */
async function uploadOf(name: string, file: string, signal: AbortSignal | undefined): Promise<Upload> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new StudioError('file-not-found', 'There is no file or folder here to be brought to the target.', {
      where: { file },
      hint: 'Data that are several files can be brought as a folder.',
      cause,
    });
  });
  if (!found.isDirectory()) {
    const ending = /(\.[A-Za-z0-9]{1,12}){1,2}$/.exec(path.basename(file))?.[0] ?? '';
    return { name: `${name}${ending}`, path: file, bytes: found.size, sha256: await hashFile(file, signal) };
  }
  const files = await listFiles(file, signal === undefined ? {} : { signal });
  const hash = createHash('sha256');
  for (const { path: entry, sha256 } of files) hash.update(`${sha256}  ${entry}\n`);
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
  return { name, path: file, bytes, sha256: hash.digest('hex') };
}
