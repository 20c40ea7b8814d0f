/** Imports scripts given as text, for tests. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../../../src/core/errors.ts';
import { type ImportOptions, importScript } from '../../../src/core/runs/import-script/import-script.ts';
import { runFileBeside } from '../../../src/core/runs/import-script/import-script-file.ts';

export const FIXTURES = path.join(import.meta.dirname, '..', '..', 'fixtures', 'scripts');

export type Extra = Partial<ImportOptions>;

/** The import of a script that is kept somewhere, its run file beside it. */
export function imported(text: string, extra: Extra = {}) {
  const folder = path.resolve('/project/train');
  return importScript(text, {
    script: path.join(folder, 'run.sh'),
    runFile: path.join(folder, 'run.rmrun.json'),
    engine: 'verl',
    ...extra,
  });
}

export function importedFixture(name: string, extra: Extra = {}) {
  const script = path.join(FIXTURES, name);
  return importScript(readFileSync(script, 'utf8'), { script, runFile: runFileBeside(script), ...extra });
}

/** A launch with one override more, in a script that begins with `before`. */
export const launch = (override: string, before = '') =>
  `${before}\npython -m verl.trainer.main_ppo data.train_files=pairwise.parquet ${override}\n`;

export const LAUNCH_LINE = 2;
export const settingsOf = (text: string, extra: Extra = {}) => imported(text, extra).runFile.settings;

export function failureOf(run: () => unknown): StudioError {
  try {
    run();
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
