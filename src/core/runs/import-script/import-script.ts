/**
 * A launch script of verl or of the recipes built on it becomes a run file: the script is read as data and never run, and
 * every override is accounted for.
 */

import path from 'node:path';
import { ENGINES, resolveEngine } from '../../engines/known-engines.ts';
import { StudioError } from '../../errors.ts';
import { METHODS, type MethodId } from '../../methods/method.ts';
import { type EngineId, parseRunFile, type RunFile } from '../spec.ts';
import { assembleRunFile } from './assemble-run-file.ts';
import { decideMethod } from './decide-method.ts';
import { findLaunch, type IgnoredLine } from './find-launch.ts';
import { parseOverride } from './overrides.ts';
import type { UsedDefault } from './shell-variables.ts';

export interface ImportOptions {
  /** Absolute paths of the script and of the run file to be; neither is touched. */
  readonly script: string;
  readonly runFile: string;
  /** verl, which keeps every option, or embedded, which trains here; see `defaultEngine`. */
  readonly engine?: 'verl' | 'embedded';
  /** Where the script does not tell. */
  readonly method?: MethodId;
  /** Variables that the script does not set; `1` is its first argument. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Line of the launch, where there are several. */
  readonly line?: number;
}

/** What became of one override. */
export interface ImportedOption {
  readonly line: number;
  readonly option: string;
  readonly value: string;
  /**
   * used: a field of the run file; renamed: kept under the name that verl has for it today; kept: in `settings` as it is;
   * ignored: nowhere, for the reason given; unresolved: nowhere, as its value is known only when the script runs.
   */
  readonly outcome: 'used' | 'renamed' | 'kept' | 'ignored' | 'unresolved';
  /** Where in the run file it is. */
  readonly field?: string;
  readonly reason?: string;
}

export interface ImportReport {
  readonly script: string;
  readonly run_file: string;
  readonly launch: { readonly line: number; readonly trainer: string };
  readonly method: MethodId;
  readonly method_reason: string;
  readonly engine: EngineId;
  readonly options: readonly ImportedOption[];
  /** Variables whose default was taken. */
  readonly defaults: readonly UsedDefault[];
  readonly ignored_lines: readonly IgnoredLine[];
  readonly warnings: readonly string[];
}

export interface ImportedScript {
  readonly runFile: RunFile;
  /** The text of the run file: what a person writes, without defaults. */
  readonly text: string;
  readonly report: ImportReport;
}

/** What the script means is verl; where this version cannot start that, the embedded engine trains the same data. */
export function defaultEngine(method: MethodId): 'verl' | 'embedded' {
  if (ENGINES.verl) return 'verl';
  return ENGINES.embedded?.methods.includes(method) ? 'embedded' : 'verl';
}

/**
 * Pure: reads nothing but `text`, writes nothing.
 * @throws StudioError 'invalid-run' or 'unsupported-file' where nothing can be imported, with the line where there is one;
 *   'not-available' for an engine that cannot train the method
 */
export function importScript(text: string, options: ImportOptions): ImportedScript {
  const found = findLaunch(text, options.variables ?? {}, options.line);
  const { launch } = found;
  const overrides = launch.overrides.flatMap((argument) => parseOverride(argument) ?? []);
  const decided =
    options.method === undefined
      ? decideMethod(launch, overrides, path.basename(options.script))
      : { method: options.method, reason: `${METHODS[options.method].title}: asked for` };
  if (!decided) {
    throw new StudioError('invalid-run', `Nothing tells which method ${launch.trainer} trains here.`, {
      where: { line: launch.line, field: 'method' },
      hint: 'Name it with --method bt, pointwise, pairwise or sft.',
    });
  }
  const { method } = decided;
  const engine = options.engine ?? defaultEngine(method);
  if (engine === 'embedded') resolveEngine(engine, method);
  const assembled = assembleRunFile(launch, found.folder, { ...options, method, engine });
  const runFileText = `${JSON.stringify(assembled.file, undefined, 2)}\n`;
  return {
    runFile: parseRunFile(runFileText, options.runFile),
    text: runFileText,
    report: {
      script: options.script,
      run_file: options.runFile,
      launch: { line: launch.line, trainer: launch.trainer },
      method,
      method_reason: decided.reason,
      engine,
      options: assembled.options,
      defaults: found.defaults,
      ignored_lines: found.ignoredLines,
      warnings: [
        ...found.others.map(
          (other) => `${other.trainer} is started on line ${other.line} too: --line ${other.line} imports that one`,
        ),
        ...found.warnings,
        ...assembled.warnings,
      ],
    },
  };
}
