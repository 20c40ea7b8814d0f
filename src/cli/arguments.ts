/** Arguments that several verbs share, parsed with errors a person can act on. */

import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { StudioError } from '../core/errors.ts';
import { findMethod, type Method } from '../core/methods/method.ts';
import {
  findInterpreters,
  findProgram,
  type Interpreter,
  type InterpreterSource,
} from '../core/python/interpreters.ts';
import type { Settings } from '../core/runs/spec.ts';
import { RunStore } from '../core/runs/store.ts';
import type { Runtime } from '../core/runtime.ts';

export function parseMethod(text: string): Method {
  const method = findMethod(text);
  if (!method) throw new InvalidArgumentError('Choose bt (bradley-terry), pointwise, pairwise or sft.');
  return method;
}

/** Collects repeated `key=value` options. */
export function collectPair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write it as key=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** `--set` values: numbers and booleans where they read as such, else text. */
export function parseSettings(pairs: Readonly<Record<string, string>>): Settings {
  return Object.fromEntries(
    Object.entries(pairs).map(([key, text]) => {
      if (text === 'true' || text === 'false') return [key, text === 'true'];
      const number = Number(text);
      return [key, text.trim() !== '' && Number.isFinite(number) ? number : text];
    }),
  );
}

export function parseWholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new InvalidArgumentError('Give a whole number, 0 or more.');
  }
  return Number(text);
}

export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Give a number.');
  return number;
}

/** `FROM:TO`, zero-based, TO exclusive; either may be left out. */
export function parseRowRange(text: string): { start: number; end: number } {
  const match = /^(\d*):(\d*)$/.exec(text);
  if (!match) throw new InvalidArgumentError('Write it as FROM:TO, for example 0:20.');
  const start = match[1] === '' ? 0 : Number(match[1]);
  const end = match[2] === '' ? start + 20 : Number(match[2]);
  if (end <= start) throw new InvalidArgumentError('TO must be greater than FROM.');
  return { start, end };
}

/** The runs of the working directory. */
export const openStore = (): RunStore => new RunStore(process.cwd());

export function cliRuntime(): Runtime {
  return {
    nodePath: process.execPath,
    workersFolder: path.join(import.meta.dirname, 'workers'),
    version: packageJson.version,
  };
}

export interface PythonOption {
  readonly python?: string | undefined;
}

/** For verbs that may start Python. */
export const withPythonOption = (command: Command): Command =>
  command.addOption(
    new Option('--python <path>', 'interpreter of the engine trl; else that of the active environment').env(
      'REWARD_STUDIO_PYTHON',
    ),
  );

/** With the Python that was named, else the one that a terminal in this folder means by `python`. */
export async function runtimeWithPython({ python }: PythonOption): Promise<Runtime> {
  const meant: readonly InterpreterSource[] = ['setting', 'activated environment', 'workspace', 'PATH'];
  const found = (await interpretersHere(python)).find(({ source }) => meant.includes(source));
  return {
    ...cliRuntime(),
    python: { packageFolder: path.join(import.meta.dirname, 'python'), interpreter: found?.executable },
  };
}

/** @param python a path, or the name of a program on PATH */
export async function interpretersHere(python: string | undefined): Promise<Interpreter[]> {
  const named = python && !/[\\/]/.test(python) ? await findProgram(python, process.env) : undefined;
  return findInterpreters({
    chosen: python === undefined ? undefined : (named ?? path.resolve(python)),
    workspaceFolders: [process.cwd()],
    env: process.env,
  });
}

/** Ends with 'cancelled' on Ctrl+C, so that a verb can tidy up; a second Ctrl+C ends at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new StudioError('cancelled', 'Cancelled.')));
  return controller.signal;
}
