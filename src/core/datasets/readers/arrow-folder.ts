/**
 * Folders of Arrow files that the Hugging Face library `datasets` wrote: which files are the data is not said by their
 * names alone. `save_to_disk` writes `state.json`, or for several splits `dataset_dict.json` and a folder for each; its
 * cache holds all splits side by side, and results of `map` and `filter` with them.
 */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { StudioError, toStudioError } from '../../errors.ts';

const FileNames = z.array(z.object({ filename: z.string() }));
const State = z.object({
  _data_files: FileNames,
  // Before datasets 2.0 a selection of rows was kept beside the data.
  _indices_data_files: FileNames.nullish(),
});
const Splits = z.object({ splits: z.array(z.string()) });
const Info = z.object({ splits: z.record(z.string(), z.unknown()).nullish() });

/**
 * The files of a folder that `datasets` wrote, in their order; undefined for any other folder.
 * @throws StudioError 'unsupported-file' where one of several splits has to be chosen, 'damaged-file'
 */
export async function savedArrowFiles(folder: string): Promise<string[] | undefined> {
  const names = new Set(await readdir(folder));
  if (names.has('dataset_dict.json')) return filesOfSplits(folder);
  const arrow = [...names].filter((name) => name.endsWith('.arrow'));
  if (arrow.length === 0) return undefined;
  if (names.has('state.json')) return filesOfState(folder);
  return names.has('dataset_info.json') ? filesOfCache(folder, arrow) : undefined;
}

/** The names of the splits, each a folder of its own, that `save_to_disk` wrote here; none in any other folder. */
export async function savedSplits(folder: string): Promise<readonly string[]> {
  if (!(await readdir(folder)).includes('dataset_dict.json')) return [];
  return (await parsed(path.join(folder, 'dataset_dict.json'), Splits)).splits;
}

async function filesOfSplits(folder: string): Promise<string[] | undefined> {
  const splits = await savedSplits(folder);
  const [only] = splits;
  if (only !== undefined && splits.length === 1) return savedArrowFiles(path.join(folder, only));
  throw severalSplits(folder, splits, path.join(folder, only ?? ''));
}

async function filesOfState(folder: string): Promise<string[] | undefined> {
  const state = path.join(folder, 'state.json');
  const { _data_files: files, _indices_data_files: indices } = await parsed(state, State);
  if (indices && indices.length > 0) {
    throw new StudioError('unsupported-file', 'Its rows are a selection that an old version of datasets kept apart.', {
      where: { file: folder },
      hint: 'Load it with load_from_disk and save it again with save_to_disk of a current version.',
    });
  }
  if (files.length === 0) return undefined;
  return files.map(({ filename }) => path.join(folder, path.basename(filename)));
}

/** `NAME-SPLIT.arrow` or `NAME-SPLIT-00000-of-00002.arrow`; `cache-FINGERPRINT.arrow` is the result of a step. */
async function filesOfCache(folder: string, arrow: readonly string[]): Promise<string[] | undefined> {
  const { splits } = await parsed(path.join(folder, 'dataset_info.json'), Info);
  const splitOf = (name: string) => {
    const stem = name.replace(/(-\d+-of-\d+)?\.arrow$/, '');
    return Object.keys(splits ?? {}).find((split) => stem.endsWith(`-${split}`));
  };
  const data = arrow.filter((name) => splitOf(name) !== undefined);
  const found = [...new Set(data.map((name) => splitOf(name)!))];
  if (found.length > 1) throw severalSplits(folder, found, path.join(folder, `*-${found[0]}*.arrow`));
  return data.length === 0 ? undefined : data.sort().map((name) => path.join(folder, name));
}

function severalSplits(folder: string, splits: readonly string[], example: string): StudioError {
  const what = splits.length === 0 ? 'no split' : `${splits.length} splits: ${splits.join(', ')}`;
  return new StudioError('unsupported-file', `The folder holds ${what}.`, {
    where: { file: folder },
    hint: splits.length === 0 ? 'Save it again with at least one.' : `Name one of them: ${example}`,
  });
}

async function parsed<T>(file: string, shape: z.ZodType<T>): Promise<T> {
  try {
    return shape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const known = toStudioError(error);
    if (known) throw known;
    throw new StudioError('damaged-file', 'This is not what the library datasets writes.', {
      where: { file },
      hint: 'Save the dataset again, or name its .arrow files with a glob.',
      cause: error,
    });
  }
}
