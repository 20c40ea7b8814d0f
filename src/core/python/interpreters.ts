/** The Python interpreters of this machine, found by looking at files; nothing is started. */

import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isComplete } from './own-environment.ts';

/** How an interpreter was found, as a person would say it. */
export type InterpreterSource =
  | 'setting'
  | 'own environment'
  | 'Python extension'
  | 'activated environment'
  | 'workspace'
  | 'conda'
  | 'uv'
  | 'PATH';

export interface Interpreter {
  /** Absolute path. Of a virtual environment it is the link inside it: that is what makes Python use its packages. */
  readonly executable: string;
  readonly source: InterpreterSource;
  /** Folder of the virtual or conda environment that it belongs to; undefined for one that stands for itself. */
  readonly environment: string | undefined;
}

export interface InterpreterPlaces {
  /** Named by the person; listed first, whether it is there or not. */
  readonly chosen?: string | undefined;
  /** What the Python extension uses for this workspace. */
  readonly editorChoice?: string | undefined;
  readonly workspaceFolders: readonly string[];
  /** Where this program makes its environments. */
  readonly ownFolder?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
}

const windows = process.platform === 'win32';
const VENV_NAMES = ['.venv', 'venv'];
/** Programs by which a system has several versions beside each other; older ones cannot train. */
const NEW_VERSIONS = ['3.14', '3.13', '3.12', '3.11'];

/** The interpreter of a virtual environment, whether it is there or not. */
export const interpreterIn = (environment: string): string =>
  windows ? path.join(environment, 'Scripts', 'python.exe') : path.join(environment, 'bin', 'python');

/** Best first, each once. */
export async function findInterpreters(places: InterpreterPlaces): Promise<Interpreter[]> {
  const candidates = [
    ...(places.chosen === undefined ? [] : [{ executable: places.chosen, source: 'setting' as const }]),
    ...(await ownInterpreters(places)),
    ...(places.editorChoice === undefined
      ? []
      : [{ executable: places.editorChoice, source: 'Python extension' as const }]),
    ...activated(places),
    ...places.workspaceFolders.flatMap((folder) =>
      VENV_NAMES.map((name) => ({
        executable: interpreterIn(path.join(folder, name)),
        source: 'workspace' as const,
      })),
    ),
    ...(await condaInterpreters(places)),
    ...(await uvInterpreters(places)),
    ...onPath(places),
  ];
  const seen = new Set<string>();
  const found: Interpreter[] = [];
  for (const { executable, source } of candidates) {
    const there = await isFile(executable);
    if (!there && source !== 'setting') continue;
    const environment = await environmentOf(executable);
    const names = await namesOf(executable, environment);
    if (names.some((name) => seen.has(name))) continue;
    for (const name of names) seen.add(name);
    found.push({ executable, source, environment });
  }
  return found;
}

/**
 * What tells one interpreter from another. Of an environment it is its folder, as its python is a link to one elsewhere;
 * of others the file itself, as a folder may hold several versions. python and python3 of a folder are one: so a program
 * that only starts the right one (as pyenv has) is not asked twice.
 */
async function namesOf(executable: string, environment: string | undefined): Promise<string[]> {
  const folder = await realpath(path.dirname(executable)).catch(() => path.dirname(executable));
  if (environment !== undefined) return [folder];
  const file = await realpath(executable).catch(() => executable);
  return /^python3?(\.exe)?$/.test(path.basename(executable)) ? [file, `${folder}${path.sep}*`] : [file];
}

/** The folder of the environment of an interpreter: one with `pyvenv.cfg`, or conda's. */
export async function environmentOf(executable: string): Promise<string | undefined> {
  // Windows' conda has python.exe in the environment's own folder.
  for (const folder of [path.dirname(path.dirname(executable)), path.dirname(executable)]) {
    if (await isFile(path.join(folder, 'pyvenv.cfg'))) return folder;
    if (await isFolder(path.join(folder, 'conda-meta'))) return folder;
  }
  return undefined;
}

async function ownInterpreters({ ownFolder }: InterpreterPlaces) {
  if (ownFolder === undefined) return [];
  const names = await readdir(ownFolder).catch(() => []);
  const folders = names.map((name) => path.join(ownFolder, name));
  // A half-made one is nobody's to choose.
  const complete = await Promise.all(folders.map(isComplete));
  return folders
    .filter((_, index) => complete[index])
    .map((folder) => ({ executable: interpreterIn(folder), source: 'own environment' as const }));
}

function activated({ env }: InterpreterPlaces) {
  return env.VIRTUAL_ENV
    ? [{ executable: interpreterIn(env.VIRTUAL_ENV), source: 'activated environment' as const }]
    : env.CONDA_PREFIX
      ? [{ executable: condaInterpreter(env.CONDA_PREFIX), source: 'activated environment' as const }]
      : [];
}

const condaInterpreter = (folder: string): string =>
  windows ? path.join(folder, 'python.exe') : path.join(folder, 'bin', 'python');

/** Conda lists its environments in a file of the home folder. */
async function condaInterpreters({ home = os.homedir() }: InterpreterPlaces) {
  const listed = await readFile(path.join(home, '.conda', 'environments.txt'), 'utf8').catch(() => '');
  const folders = listed.split(/\r?\n/).filter((folder) => folder.trim());
  return folders.map((folder) => ({ executable: condaInterpreter(folder.trim()), source: 'conda' as const }));
}

/** Interpreters that uv has installed; they stand in one folder each. */
async function uvInterpreters({ env, home = os.homedir() }: InterpreterPlaces) {
  const data = windows
    ? path.join(env.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'uv', 'data')
    : path.join(env.XDG_DATA_HOME ?? path.join(home, '.local', 'share'), 'uv');
  const folder = env.UV_PYTHON_INSTALL_DIR ?? path.join(data, 'python');
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => ({
    executable: windows ? path.join(folder, name, 'python.exe') : path.join(folder, name, 'bin', 'python3'),
    source: 'uv' as const,
  }));
}

function onPath({ env }: InterpreterPlaces) {
  const names = windows ? ['python.exe'] : ['python3', 'python', ...NEW_VERSIONS.map((version) => `python${version}`)];
  return (env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .flatMap((folder) => names.map((name) => ({ executable: path.join(folder, name), source: 'PATH' as const })));
}

/** A program by its name, in the folders of PATH and then in `more`. */
export async function findProgram(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  more: readonly string[] = [],
): Promise<string | undefined> {
  for (const folder of [...(env.PATH ?? '').split(path.delimiter), ...more]) {
    const file = path.join(folder, windows && path.extname(name) === '' ? `${name}.exe` : name);
    if (path.isAbsolute(folder) && (await isFile(file))) return file;
  }
  return undefined;
}

const isFile = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );

const isFolder = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
