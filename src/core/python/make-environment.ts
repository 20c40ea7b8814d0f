/**
 * Makes a virtual environment with the pinned packages of an engine, in a folder of this program's own. A mark is written
 * last: what has none is a half-made one, and is made anew.
 */

import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import { takeLock } from '../runs/process-lock.ts';
import { installerFailure } from './installer-failure.ts';
import { findProgram, interpreterIn } from './interpreters.ts';
import { isComplete, markComplete } from './own-environment.ts';
import { runTool } from './run-tool.ts';

const STEP_LENGTH = 80;

export interface InstallOptions {
  /** The file that lists the packages. */
  readonly requirements: string;
  /** A folder of wheels that they are taken from, in place of the package index. */
  readonly wheels?: string | undefined;
  /** `uv`, where it is there: faster than pip, and it fetches nothing twice. */
  readonly uv?: string | undefined;
  readonly signal: AbortSignal;
  /** What is being done, in a few words. */
  readonly onStep: (step: string) => void;
  /** Every line that the tools print. */
  readonly onLine: (line: string) => void;
}

export interface MakeOptions extends InstallOptions {
  /** The interpreter that it is made of. */
  readonly base: string;
  /** Its version, "3.11.7": packages are built for one minor version. */
  readonly version: string;
  /** Holds the environments that this program makes. */
  readonly ownFolder: string;
}

/** Where the environment for these packages lies, whether it is there or not. */
export async function environmentFolder({
  version,
  requirements,
  ownFolder,
}: Pick<MakeOptions, 'version' | 'requirements' | 'ownFolder'>): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 8);
  const name = path.basename(requirements, '.txt');
  return path.join(ownFolder, `${name}-${version.split('.').slice(0, 2).join('.')}-${hash}`);
}

/**
 * @returns the interpreter of the environment, which is complete
 * @throws StudioError 'cancelled', 'disk-full', or 'not-available' with the reason
 */
export async function makeEnvironment(options: MakeOptions): Promise<string> {
  const folder = await environmentFolder(options);
  const interpreter = interpreterIn(folder);
  if (await isComplete(folder)) return interpreter;
  await mkdir(path.dirname(folder), { recursive: true });
  const taken = await takeLock(`${folder}.lock`);
  if ('holder' in taken) {
    throw new StudioError('not-available', 'This environment is being made already, here or in another window.', {
      where: { file: folder },
      hint: 'Wait until it is done, then choose it from the list.',
    });
  }
  try {
    if (!(await isComplete(folder))) await makeAnew(options, folder);
    return interpreter;
  } finally {
    taken.lock.release();
  }
}

async function makeAnew(options: MakeOptions, folder: string): Promise<void> {
  const { base, requirements, uv, wheels, onStep } = options;
  if (wheels !== undefined) await existing(wheels);
  await remove(folder);
  try {
    onStep('making the environment');
    if (uv === undefined) await run(options, base, ['-m', 'venv', folder], folder);
    else await run(options, uv, ['venv', '--python', base, folder], folder);
    await installPackages(options, interpreterIn(folder), folder);
    await markComplete(folder, { base, requirements: path.basename(requirements) });
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

/** What was ended a moment ago may still be writing its last file. */
const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5 });

/**
 * Installs the listed packages into an environment; its other packages stay, unless these need other versions.
 * @param environment its folder
 */
export async function installPackages(
  options: InstallOptions,
  interpreter: string,
  environment: string,
): Promise<void> {
  const { requirements, uv, wheels, onStep } = options;
  onStep('installing packages');
  const places = wheels === undefined ? [] : ['--no-index', '--find-links', await existing(wheels)];
  const what = [...places, '-r', requirements];
  if (uv === undefined) {
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
    await run(options, interpreter, [...pip, ...what], environment);
  } else {
    await run(options, uv, ['pip', 'install', '--python', interpreter, ...what], environment);
  }
}

/** Pip would only warn. */
async function existing(wheels: string): Promise<string> {
  const found = await stat(wheels).catch(() => undefined);
  if (found?.isDirectory()) return wheels;
  throw new StudioError('file-not-found', 'The folder of wheels is not there.', {
    where: { file: wheels },
    hint: 'Correct the setting "rewardStudio.python.wheelFolder", or leave it empty to take packages from the index.',
  });
}

/** `uv` on PATH or where its installer puts it. */
export const findUv = (env: Readonly<Record<string, string | undefined>>, home: string): Promise<string | undefined> =>
  findProgram('uv', env, [path.join(home, '.local', 'bin'), path.join(home, '.cargo', 'bin')]);

/** The tools say on the way what they fetch, which a log keeps and a notification shows. */
async function run(
  { signal, onLine, onStep }: Pick<InstallOptions, 'signal' | 'onLine' | 'onStep'>,
  file: string,
  args: readonly string[],
  environment: string,
): Promise<void> {
  onLine(`$ ${[file, ...args].join(' ')}`);
  const { failed, said, cause } = await runTool(file, args, {
    signal,
    env: toolEnvironment(process.env),
    onLine: (line) => {
      onLine(line);
      const step = stepOf(line);
      if (step !== undefined) onStep(step);
    },
  });
  if (failed) throw await installerFailure(file, said, environment, cause);
}

function stepOf(line: string): string | undefined {
  const told =
    /^(?:Collecting|Processing|Downloading|Installing collected packages|Resolved|Prepared|Installed)\b.*/.exec(
      line.trim(),
    );
  return told?.[0].replace(/ \(from .*\)$/, '').slice(0, STEP_LENGTH);
}

/** Variables of pip -> what uv calls them, which reads none of pip's. */
const FOR_UV = {
  PIP_INDEX_URL: 'UV_DEFAULT_INDEX',
  PIP_EXTRA_INDEX_URL: 'UV_INDEX',
  PIP_NO_INDEX: 'UV_NO_INDEX',
  PIP_FIND_LINKS: 'UV_FIND_LINKS',
  PIP_CERT: 'SSL_CERT_FILE',
} as const;

export function toolEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const translated = Object.entries(FOR_UV).flatMap(([ofPip, ofUv]) => {
    const value = env[ofPip];
    if (!value || env[ofUv] !== undefined) return [];
    return [[ofUv, ofPip === 'PIP_FIND_LINKS' ? value.trim().split(/\s+/).join(',') : value]];
  });
  // Another environment that is active must not be the one that is changed.
  return { VIRTUAL_ENV: '', PYTHONNOUSERSITE: '1', ...Object.fromEntries(translated) };
}
