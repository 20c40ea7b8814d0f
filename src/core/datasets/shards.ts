/** Which files make up the dataset that a person names: a file, a folder or a glob of shards. */

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError, toStudioError } from '../errors.ts';
import type { FileKind } from './dataset.ts';

const KINDS: Readonly<Record<string, FileKind>> = {
  '.parquet': 'parquet',
  '.parq': 'parquet',
  '.pq': 'parquet',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.feather': 'arrow',
  '.ipc': 'arrow',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.csv': 'csv',
};

/** What `convert` writes beside its output, and other files about data rather than with data. */
const NOT_DATA = new Set(['dataset.json', 'dataset_info.json', 'dataset_infos.json', 'state.json', 'config.json']);

export const READABLE = 'Readable are .parquet, .arrow, .feather, .jsonl, .json and .csv (the last three also as .gz).';

/** The kind by the ending of a name, or undefined. Parquet and Arrow are never wrapped in gzip. */
export function kindOf(file: string): FileKind | undefined {
  const name = file.toLowerCase();
  const packed = name.endsWith('.gz');
  const kind = KINDS[path.extname(packed ? name.slice(0, -3) : name)];
  return packed && (kind === 'parquet' || kind === 'arrow') ? undefined : kind;
}

/**
 * The files, in numeric-aware order of their names.
 * @throws StudioError 'file-not-found', 'unsupported-file' (mixed kinds, nothing readable in a folder), or names a missing shard
 */
export async function findShards(name: string): Promise<string[]> {
  const status = await stat(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw toStudioError(error) ?? error;
  });
  if (status?.isFile()) return [name];
  if (status && !status.isDirectory()) {
    throw new StudioError('unsupported-file', 'This is neither a file nor a folder.', {
      where: { file: name },
      hint: 'Devices, pipes and sockets are not read: save the data to a file.',
    });
  }
  const saved = status && (await (await import('./readers/arrow-folder.ts')).savedArrowFiles(name));
  if (saved) return saved;
  const files = status ? await filesOfFolder(name) : await filesOfGlob(name);
  const order = new Intl.Collator('en', { numeric: true });
  files.sort((a, b) => order.compare(a, b));
  refuseMixedKinds(name, files);
  refuseMissingShard(files);
  return files;
}

async function filesOfFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory() && !/^[._]/.test(entry.name) && !NOT_DATA.has(entry.name))
    .map((entry) => path.join(folder, entry.name))
    .filter((file) => kindOf(file) !== undefined);
  if (files.length > 0) return files;
  throw new StudioError('unsupported-file', 'The folder holds no file that can be read.', {
    where: { file: folder },
    hint: `${READABLE} Subfolders are not searched: name one of them, or a glob like "${path.basename(folder)}/**/*.parquet".`,
  });
}

async function filesOfGlob(pattern: string): Promise<string[]> {
  if (!/[*?{[]/.test(pattern)) {
    throw new StudioError('file-not-found', 'The file does not exist.', {
      where: { file: pattern },
      hint: 'Check the path.',
    });
  }
  // A glob is written with forward slashes on every platform.
  const { glob } = await import('tinyglobby');
  const files = await glob(pattern.replaceAll('\\', '/'), { absolute: path.isAbsolute(pattern), onlyFiles: true });
  const readable = files.filter((file) => kindOf(file) !== undefined).map((file) => path.normalize(file));
  if (readable.length > 0) return readable;
  throw new StudioError('file-not-found', 'No readable file fits the pattern.', {
    where: { file: pattern },
    hint: READABLE,
  });
}

function refuseMixedKinds(name: string, files: readonly string[]): void {
  const kinds = [...new Set(files.map((file) => kindOf(file)))];
  if (kinds.length < 2) return;
  throw new StudioError('unsupported-file', `The files are of different kinds: ${kinds.join(', ')}.`, {
    where: { file: name },
    hint: `Name one kind with a glob, such as "${path.join(name, `*.${kinds[0]}`)}".`,
  });
}

const NUMBERED = /^(.*?)-?(\d+)-of-(\d+)(\..+)$/;

/** Files named `NAME-00003-of-00010.ext` are a set that has to be complete; its first number may be 0 or 1. */
function refuseMissingShard(files: readonly string[]): void {
  const sets = new Map<string, { total: number; width: number; have: Set<number>; example: string }>();
  for (const file of files) {
    const match = NUMBERED.exec(path.basename(file));
    if (!match) continue;
    const [, stem, number = '', total = '', ending] = match;
    const key = `${path.dirname(file)}\0${stem}\0${total}\0${ending}`;
    const set = sets.get(key) ?? { total: Number(total), width: number.length, have: new Set<number>(), example: file };
    set.have.add(Number(number));
    sets.set(key, set);
  }
  for (const set of sets.values()) {
    const first = set.have.has(set.total) && !set.have.has(0) ? 1 : 0;
    for (let number = first; number < first + set.total; number++) {
      if (set.have.has(number)) continue;
      const digits = String(number).padStart(set.width, '0');
      const missing = path.basename(set.example).replace(/\d+(?=-of-)/, digits);
      throw new StudioError(
        'file-not-found',
        `A shard is missing: ${missing} (${set.have.size} of ${set.total} are there).`,
        {
          where: { file: path.join(path.dirname(set.example), missing) },
          hint: 'Fetch it, or name the shards you want one by one with a glob that does not hold "-of-".',
        },
      );
    }
  }
}
