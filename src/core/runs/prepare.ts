/** From what a person asks for to what a run will do: everything resolved, checked and fingerprinted. */

import path from 'node:path';
import { findBaseModel } from '../base-models/base-model.ts';
import { inspectBaseModel, refuseBaseModel } from '../base-models/inspect-base-model.ts';
import { fingerprintDataset } from '../datasets/fingerprint.ts';
import { openDataset } from '../datasets/open.ts';
import { recognise } from '../datasets/recognise.ts';
import type { Engine } from '../engines/engine.ts';
import { resolveEngine } from '../engines/known-engines.ts';
import { StudioError } from '../errors.ts';
import { isElsewhere, resolveTarget } from '../targets/known-targets.ts';
import { defaultName } from './run-name.ts';
import type { RunFile, RunSpec, Settings } from './spec.ts';

export type RunDraft = Omit<RunSpec, 'id' | 'version' | 'created_at'>;

/** @param baseFolder what relative paths of the run file are relative to */
export async function prepareRun(
  file: RunFile,
  baseFolder: string,
  version: string,
  signal?: AbortSignal,
): Promise<RunDraft> {
  const engine = resolveEngine(file.engine, file.method);
  requireTarget(engine, file.target);
  const target = resolveTarget(file.target);
  const settings = withAbsolutePaths(engine, engine.resolveSettings(file.settings, file.method), baseFolder);
  const base_model = engine.needsBaseModel ? await resolveBaseModel(file, baseFolder) : file.base_model;
  const reference = (data: string) => referenceData(path.resolve(baseFolder, data), file, signal);
  const train = await reference(file.data.train);
  const validation = file.data.validation === undefined ? undefined : await reference(file.data.validation);
  return {
    name: file.name ?? defaultName(train.path, file.method),
    ...(file.experiment === undefined ? {} : { experiment: file.experiment }),
    method: file.method,
    data: {
      train,
      ...(validation === undefined ? {} : { validation }),
      ...(file.data.map === undefined ? {} : { map: file.data.map }),
    },
    engine: file.engine,
    target: target.id,
    ...(base_model === undefined ? {} : { base_model }),
    seed: file.seed,
    settings,
    versions: { reward_studio: version, node: process.versions.node, platform: `${process.platform}-${process.arch}` },
  };
}

/** @throws StudioError 'not-available' where the engine runs on this machine alone */
export function requireTarget({ id, elsewhere }: Pick<Engine, 'id' | 'elsewhere'>, target: string): void {
  if (!isElsewhere(target) || elsewhere) return;
  throw new StudioError('not-available', `The engine "${id}" runs on this machine only, not on "${target}".`, {
    hint: 'Use the target "local", or an engine that can be brought there: trl.',
  });
}

function withAbsolutePaths({ pathSettings = [] }: Engine, settings: Settings, baseFolder: string): Settings {
  const paths = pathSettings.flatMap((name) => {
    const given = settings[name];
    return typeof given === 'string' ? [[name, path.resolve(baseFolder, given)] as const] : [];
  });
  return { ...settings, ...Object.fromEntries(paths) };
}

/** A folder is named by its absolute path; a model that is here and cannot be trained is refused. */
async function resolveBaseModel({ base_model: name, engine, method }: RunFile, baseFolder: string): Promise<string> {
  if (name === undefined) {
    throw new StudioError('usage', `The engine "${engine}" needs a base model.`, {
      hint: 'Name a folder or an id: "base_model" in the run file, --base-model in a terminal.',
    });
  }
  const found = await findBaseModel(name, baseFolder);
  if (found.kind !== 'remote') {
    const refusal = refuseBaseModel(await inspectBaseModel(found.folder), method, found.folder);
    if (refusal) throw refusal;
  }
  return found.name;
}

/** Rows that fit no shape of the method are refused here, before there is a run. */
async function referenceData(data: string, { method, data: { map } }: RunFile, signal?: AbortSignal) {
  const dataset = await openDataset(data, signal);
  try {
    await recognise(dataset, { method, map, signal });
    return { path: data, fingerprint: await fingerprintDataset(dataset, signal), rows: dataset.rowCount };
  } finally {
    await dataset.close();
  }
}
