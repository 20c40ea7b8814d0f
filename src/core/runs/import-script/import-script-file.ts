/** Imports a script from disk to disk: reads it, and writes the run file whole or not at all. */

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { findShards } from '../../datasets/shards.ts';
import { OutputFile, refuseExisting } from '../../datasets/writers/output-file.ts';
import { describeError, StudioError, toStudioError } from '../../errors.ts';
import { RUN_FILE_ENDING } from '../run-file-text.ts';
import type { RunFile } from '../spec.ts';
import { type ImportedScript, type ImportOptions, importScript } from './import-script.ts';

/** Bytes; the same bound as for its characters, applied before reading. */
const LARGEST_SCRIPT = 1024 * 1024;

export interface ImportFileOptions extends Omit<ImportOptions, 'script' | 'runFile'> {
  readonly script: string;
  /** Beside the script, under its name, when left out. */
  readonly runFile?: string;
  readonly force: boolean;
}

/** Where the run file of a script goes when nobody says so. */
export function runFileBeside(script: string): string {
  return path.join(path.dirname(script), `${path.basename(script).replace(/\.(?:sh|bash)$/i, '')}${RUN_FILE_ENDING}`);
}

/**
 * @throws StudioError as `importScript`, and 'already-exists' (unless `force`), 'file-not-found', 'permission-denied',
 *   'usage' for a name that is none of a run file
 */
export async function importScriptFile(options: ImportFileOptions): Promise<ImportedScript> {
  const script = path.resolve(options.script);
  const runFile = path.resolve(options.runFile ?? runFileBeside(script));
  if (!runFile.endsWith(RUN_FILE_ENDING)) {
    throw new StudioError('usage', `The name of a run file ends in ${RUN_FILE_ENDING}.`, { where: { file: runFile } });
  }
  if (!options.force) await refuseExisting(runFile);
  const imported = at(script, await readScript(script), { ...options, script, runFile });
  const output = await OutputFile.create(runFile, options.force);
  try {
    await output.write(Buffer.from(imported.text));
    await output.finish();
    await output.commit();
  } finally {
    await output.discard();
  }
  const warnings = [...imported.report.warnings, ...(await absentData(imported.runFile, path.dirname(runFile)))];
  return { ...imported, report: { ...imported.report, warnings } };
}

async function readScript(script: string): Promise<string> {
  const found = await stat(script).catch(actionable);
  if (found.isDirectory()) {
    throw new StudioError('unsupported-file', 'This is a folder, not a script.', { where: { file: script } });
  }
  const { size } = found;
  if (size <= LARGEST_SCRIPT) return readFile(script, 'utf8').catch(actionable);
  throw new StudioError('unsupported-file', `This file has ${size} bytes: too many for a launch script.`, {
    where: { file: script },
    hint: 'Name the script that starts the training.',
  });
}

function actionable(error: unknown): never {
  throw toStudioError(error) ?? error;
}

/** The import, with the script's name in its errors. */
function at(file: string, text: string, options: ImportOptions): ImportedScript {
  try {
    return importScript(text, options);
  } catch (error) {
    if (!(error instanceof StudioError) || error.where.file !== undefined) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new StudioError(error.code, error.message, { where: { ...error.where, file }, cause: error, ...hint });
  }
}

async function absentData({ data }: RunFile, folder: string): Promise<string[]> {
  const problems = [data.train, data.validation].map(async (file) => {
    if (file === undefined) return [];
    const found = findShards(path.resolve(folder, file));
    return found.then(
      () => [],
      (error) => [describeError(error)],
    );
  });
  return (await Promise.all(problems)).flat();
}
