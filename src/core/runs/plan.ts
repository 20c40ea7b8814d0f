/** What starting a run would do: the process, and the files that it would be made of. Nothing is written or started. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '../engines/engine.ts';
import { ENGINES } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { isElsewhere, resolveRemoteTarget } from '../targets/known-targets.ts';
import { contextFor } from './elsewhere/inspect-there.ts';
import { startThere } from './elsewhere/start-there.ts';
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
  /** Of a run elsewhere: `command`, `environment` and `workingFolder` are those there. */
  readonly there?: {
    readonly target: string;
    readonly folder: string;
    readonly uploads: readonly { readonly name: string; readonly path: string; readonly bytes: number }[];
  };
}

/** @throws StudioError 'not-available' */
export async function planRun(draft: RunDraft, store: RunStore, runtime: Runtime): Promise<RunPlan> {
  const engine = ENGINES[draft.engine];
  if (!engine) throw new StudioError('not-available', `The engine "${draft.engine}" is not there yet.`);
  const spec: RunSpec = { version: RUN_FORMAT_VERSION, id: FUTURE_ID, created_at: new Date().toISOString(), ...draft };
  const folder = new RunFolder(path.join(store.runsFolder, FUTURE_ID));
  if (isElsewhere(draft.target)) return planThere(spec, engine, folder, store, runtime);
  const { file, args, env, workingFolder = folder.path } = engine.command(spec, folder.path, 1, runtime);
  return {
    command: [file, ...args],
    environment: env,
    workingFolder,
    folder: folder.path,
    reads: readsOf(spec),
    writes: writesOf(folder),
  };
}

const readsOf = ({ data: { train, validation } }: RunSpec): string[] => [
  train.path,
  ...(validation === undefined ? [] : [validation.path]),
];

const writesOf = (folder: RunFolder): RunPlan['writes'] => [
  { path: folder.specFile, what: 'what the run does' },
  { path: folder.eventsFile, what: 'what the trainer reports' },
  { path: folder.controlFile, what: 'what is asked of it' },
  { path: folder.logFile, what: 'what it prints' },
  { path: folder.modelFolder, what: 'the trained model' },
];

/** The command as it is started there; what is brought there besides is read here. */
async function planThere(
  spec: RunSpec,
  engine: Engine,
  folder: RunFolder,
  store: RunStore,
  runtime: Runtime,
): Promise<RunPlan> {
  const target = await resolveRemoteTarget(spec.target);
  const places = target.plannedPlaces(await contextFor(spec.target, target, { store, runtime }), spec.id);
  const start = await startThere({ spec, attempt: 1, engine, version: runtime.version, secrets: {} });
  const { file, args, env, workingFolder = places.runFolder } = start.command(places);
  const model = spec.base_model;
  const brought = model !== undefined && (await stat(model).catch(() => undefined))?.isDirectory() ? [model] : [];
  return {
    command: [file, ...args],
    environment: env,
    workingFolder,
    folder: folder.path,
    reads: [...readsOf(spec), ...brought],
    writes: writesOf(folder),
    there: {
      target: target.title,
      folder: places.runFolder,
      uploads: start.uploads.map(({ name, path, bytes }) => ({ name, path, bytes })),
    },
  };
}
