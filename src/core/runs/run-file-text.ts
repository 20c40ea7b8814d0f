/** Run files as they are written for a person: beside the data, with every parameter said, under a name of their own. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OutputFile } from '../datasets/writers/output-file.ts';
import { ENGINES } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import type { RunFile, RunSpec, Settings } from './spec.ts';

export const RUN_FILE_ENDING = '.rmrun.json';

/** A run file that asks for what a run did. @throws StudioError 'not-available' for a run of which only the log is here */
export function runFileOf({ engine, ...spec }: RunSpec): RunFile {
  if (engine === 'imported') {
    throw new StudioError('not-available', 'This run was trained elsewhere: only its log is here.', {
      hint: 'Write a run file for its data to train it here.',
    });
  }
  const { name, experiment, method, data, target, base_model, seed, settings } = spec;
  return {
    version: 1,
    name,
    ...(experiment === undefined ? {} : { experiment }),
    method,
    data: {
      train: data.train.path,
      ...(data.validation === undefined ? {} : { validation: data.validation.path }),
      ...(data.map === undefined ? {} : { map: data.map }),
    },
    engine,
    target,
    ...(base_model === undefined ? {} : { base_model }),
    seed,
    settings,
  };
}

/**
 * The file's text, with paths of data relative to the folder that it is for. All parameters are there, those left to
 * the engine too: a file in git goes on meaning the same when defaults change.
 */
export function runFileText(file: RunFile, folder: string): string {
  const { $schema: _, version: __, name, experiment, method, data, engine, target, base_model, seed } = file;
  const ordered = {
    ...(name === undefined ? {} : { name }),
    ...(experiment === undefined ? {} : { experiment }),
    method,
    data: {
      ...data,
      train: relativeTo(folder, data.train),
      ...(data.validation === undefined ? {} : { validation: relativeTo(folder, data.validation) }),
    },
    engine,
    target,
    ...(base_model === undefined ? {} : { base_model: relativeTo(folder, base_model) }),
    seed,
    settings: settingsOf(file, folder),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function settingsOf({ engine, method, settings }: RunFile, folder: string): Settings {
  const found = ENGINES[engine];
  if (!found) return settings;
  const { pathSettings = [] } = found;
  const relative = ([name, value]: [string, Settings[string]]) =>
    [
      name,
      pathSettings.includes(name) && typeof value === 'string' ? relativeTo(folder, value) || '.' : value,
    ] as const;
  return Object.fromEntries(Object.entries(found.resolveSettings(settings, method)).map(relative));
}

/** With forward slashes, so that the file is good on every system; absolute where there is no relative path. */
function relativeTo(folder: string, file: string): string {
  if (!path.isAbsolute(file)) return file;
  const relative = path.relative(folder, file);
  return path.isAbsolute(relative) ? relative : relative.split(path.sep).join('/');
}

/**
 * Writes it as `stem.rmrun.json`, or `stem-2.rmrun.json` where that is another one already; a file with the same text
 * is kept. @returns its path
 */
export async function writeRunFile(file: RunFile, folder: string, stem: string): Promise<string> {
  const text = runFileText(file, folder);
  for (let number = 1; ; number += 1) {
    const candidate = path.join(folder, `${stem}${number === 1 ? '' : `-${number}`}${RUN_FILE_ENDING}`);
    const there = await readFile(candidate, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (there === text) return candidate;
    if (there !== undefined) continue;
    const output = await OutputFile.create(candidate, false);
    try {
      await output.write(Buffer.from(text));
      await output.finish();
      await output.commit();
    } finally {
      await output.discard();
    }
    return candidate;
  }
}

/** A name as part of a file's name. */
export const fileStem = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || 'run';
