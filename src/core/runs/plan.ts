/** What starting a run would do: the process, and the files that it would be made of. Nothing is written or started. */

import path from 'node:path';
import { ENGINES } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { RunDraft } from './prepare.ts';
import { RUN_FORMAT_VERSION, type RunSpec } from './spec.ts';
import { RunFolder, type RunStore } from './store.ts';

/** In place of the id, which a run gets when it starts. */
export const FUTURE_ID = 'RUN-ID';

export interface RunPlan {
  /** Argument vector. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  readonly folder: string;
  readonly reads: readonly string[];
  readonly writes: readonly { readonly path: string; readonly what: string }[];
}

/** @throws StudioError 'not-available' */
export function planRun(draft: RunDraft, store: RunStore, runtime: Runtime): RunPlan {
  const engine = ENGINES[draft.engine];
  if (!engine) throw new StudioError('not-available', `The engine "${draft.engine}" is not there yet.`);
  const spec: RunSpec = { version: RUN_FORMAT_VERSION, id: FUTURE_ID, created_at: new Date().toISOString(), ...draft };
  const folder = new RunFolder(path.join(store.runsFolder, FUTURE_ID));
  const { file, args, env, workingFolder = folder.path } = engine.command(spec, folder.path, 1, runtime);
  const { train, validation } = draft.data;
  return {
    command: [file, ...args],
    environment: env,
    workingFolder,
    folder: folder.path,
    reads: [train.path, ...(validation === undefined ? [] : [validation.path])],
    writes: [
      { path: folder.specFile, what: 'what the run does' },
      { path: folder.eventsFile, what: 'what the trainer reports' },
      { path: folder.controlFile, what: 'what is asked of it' },
      { path: folder.logFile, what: 'what it prints' },
      { path: folder.modelFolder, what: 'the trained model' },
    ],
  };
}
