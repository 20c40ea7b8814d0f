/** Data files of a script as a run file names them: one path or one glob, relative to the run file. */

import path from 'node:path';
import { stringsOf } from './overrides.ts';

export type DataPath = { readonly path: string } | { readonly problem: string };

export interface PathBase {
  /** Folder that relative paths of the script start from. */
  readonly scriptFolder: string;
  readonly runFileFolder: string;
}

const GLOB = /[*?{}[\]]/;

export function dataPath(text: string, base: PathBase): DataPath {
  const files = stringsOf(text);
  if (!files) return { problem: 'is neither a path nor a list of paths' };
  const remote = files.find((file) => /^[a-z][a-z0-9+]*:\/\//i.test(file));
  if (remote !== undefined) return { problem: 'is not on this machine: copy the data here and name the copy' };
  const home = files.find((file) => file.startsWith('~'));
  if (home !== undefined) return { problem: 'starts from a home folder: write the path out' };
  const distinct = [...new Set(files.map((file) => path.resolve(base.scriptFolder, file)))];
  if (distinct.length === 1) return { path: asWritten(distinct[0]!, files[0]!, base) };
  if (distinct.some((file) => GLOB.test(file) || file.includes(','))) {
    return { problem: 'is a list with patterns in it, which one glob cannot say' };
  }
  const folder = commonFolder(distinct);
  const names = distinct.map((file) => slashes(path.relative(folder, file)));
  return { path: path.posix.join(asWritten(folder, files[0]!, base), `{${names.join(',')}}`) };
}

/** Absolute where the script says so, else relative to the run file. */
function asWritten(absolute: string, written: string, { runFileFolder }: PathBase): string {
  if (path.isAbsolute(written)) return slashes(absolute);
  return slashes(path.relative(runFileFolder, absolute)) || '.';
}

function commonFolder(files: readonly string[]): string {
  let folder = path.dirname(files[0]!);
  const holds = (file: string) => file.startsWith(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`);
  while (!files.every(holds) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  return folder;
}

const slashes = (file: string): string => file.split(path.sep).join('/');
