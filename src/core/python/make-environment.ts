/**
 * Makes a virtual environment with the pinned packages of an engine, in a folder of this program's own. A mark is written
 * last: what has none is a half-made one, and is made anew.
 */

import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { StudioError } from '../errors.ts';
import { findProgram, interpreterIn } from './interpreters.ts';

const MARK = 'reward-studio.json';
const SAID_LINES = 5;

export interface MakeOptions {
  /** The interpreter that it is made of. */
  readonly base: string;
  /** Its version, "3.11.7": packages are built for one minor version. */
  readonly version: string;
  /** The file that lists the packages. */
  readonly requirements: string;
  /** Holds the environments that this program makes. */
  readonly ownFolder: string;
  /** `uv`, where it is there: faster than pip, and it fetches nothing twice. */
  readonly uv?: string | undefined;
  readonly signal: AbortSignal;
  /** What is being done, in a few words. */
  readonly onStep: (step: string) => void;
  /** Every line that the tools print. */
  readonly onLine: (line: string) => void;
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
 * @throws StudioError 'cancelled', 'disk-full', or 'not-available' with what the tool said
 */
export async function makeEnvironment(options: MakeOptions): Promise<string> {
  const { base, requirements, uv, onStep } = options;
  const folder = await environmentFolder(options);
  const interpreter = interpreterIn(folder);
  if (await isComplete(folder)) return interpreter;
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  try {
    onStep('making the environment');
    if (uv === undefined) await run(options, base, ['-m', 'venv', folder]);
    else await run(options, uv, ['venv', '--python', base, folder]);
    onStep('installing packages');
    await installPackages(options, interpreter);
    await writeFile(
      path.join(folder, MARK),
      `${JSON.stringify({ base, requirements: path.basename(requirements) })}\n`,
    );
    return interpreter;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Installs the listed packages into an environment; its other packages stay, unless these need other versions. */
export async function installPackages(
  options: Pick<MakeOptions, 'requirements' | 'uv' | 'signal' | 'onLine' | 'onStep'>,
  interpreter: string,
): Promise<void> {
  const { requirements, uv } = options;
  if (uv === undefined) {
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
    await run(options, interpreter, [...pip, '-r', requirements]);
  } else {
    await run(options, uv, ['pip', 'install', '--python', interpreter, '-r', requirements]);
  }
}

/** Whether this program has made the environment that an interpreter belongs to. */
export const isOwnEnvironment = (environment: string): Promise<boolean> => isComplete(environment);

/** `uv` on PATH or where its installer puts it. */
export const findUv = (env: Readonly<Record<string, string | undefined>>, home: string): Promise<string | undefined> =>
  findProgram('uv', env, [path.join(home, '.local', 'bin'), path.join(home, '.cargo', 'bin')]);

const isComplete = (folder: string): Promise<boolean> =>
  access(path.join(folder, MARK)).then(
    () => true,
    () => false,
  );

/** The tools say on the way what they fetch, which a log keeps and a notification shows. */
async function run(
  { signal, onLine, onStep }: Pick<MakeOptions, 'signal' | 'onLine' | 'onStep'>,
  file: string,
  args: readonly string[],
): Promise<void> {
  onLine(`$ ${[file, ...args].join(' ')}`);
  const child = execa(file, args, {
    all: true,
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
    forceKillAfterDelay: 5_000,
    // Another environment that is active must not be the one that is changed.
    env: { VIRTUAL_ENV: '', PYTHONNOUSERSITE: '1' },
  });
  const last: string[] = [];
  for await (const line of child.iterable({ from: 'all' })) {
    onLine(line);
    last.push(line);
    if (last.length > SAID_LINES) last.shift();
    const fetched = /^(?:Collecting|Downloading|Installing collected packages|Prepared|Installed)\b.*/.exec(
      line.trim(),
    );
    if (fetched) onStep(fetched[0].slice(0, 80));
  }
  const result = await child;
  if (result.isCanceled) throw new StudioError('cancelled', 'Cancelled.');
  if (!result.failed) return;
  const said = last.join('\n');
  if (/No space left on device|ENOSPC|os error 28/i.test(said)) {
    throw new StudioError('disk-full', 'The disk is full.', {
      hint: 'The packages take about 6 GB with CUDA, 2 GB without. Free some space and try again.',
    });
  }
  const hint = /ensurepip|python3-venv/i.test(said)
    ? 'Install the system package that venv needs (on Debian: python3-venv), or install uv.'
    : 'The log has the rest ("Reward Studio: Show Extension Log").';
  throw new StudioError('not-available', `${path.basename(file)} could not do it${said ? `:\n${said}` : '.'}`, {
    hint,
    cause: result.cause,
  });
}
