/** The grader of a model that a person names, ready to be measured, with what is known of its training. */

import { access } from 'node:fs/promises';
import path from 'node:path';
import { readModelFile } from '../engines/embedded/model-file.ts';
import { StudioError } from '../errors.ts';
import { EmbeddedGrader } from '../graders/embedded-grader.ts';
import { type ModelReference, resolveModel } from '../graders/model-reference.ts';
import { RunFolder, type RunStore } from '../runs/store.ts';
import type { EvaluatedGrader } from './evaluate-file.ts';
import type { TrainingData } from './training-prompts.ts';

export interface EvaluatedModel extends EvaluatedGrader {
  readonly trainingData: TrainingData;
  /** The run that trained it, where the model is that of a run. */
  readonly run: { readonly id: string; readonly name: string; readonly folder: string } | undefined;
}

/**
 * @param reference a model file, a run's folder, or a run by id or name
 * @throws StudioError 'run-not-found', or 'invalid-model' where the run has no model yet, or no longer
 */
export async function openModel(reference: string, store: RunStore): Promise<EvaluatedModel> {
  const model = await resolveModel(reference, store);
  await access(model.file).catch((cause) => {
    throw new StudioError('invalid-model', 'The model is not there any more.', {
      where: { file: model.file },
      hint: 'Train it again, or restore the file.',
      cause,
    });
  });
  const run = await runOf(model);
  const { method, data } = await readModelFile(model.file);
  return {
    grader: await EmbeddedGrader.load(model.file, model),
    method,
    kind: 'embedded',
    model: model.file,
    trainedAt: model.trainedAt,
    // It grades here, in this thread.
    concurrency: 1,
    trainingData: run?.trainingData ?? { files: [{ ...data, role: 'train' }], method, map: {} },
    run: run?.run,
  };
}

async function runOf({ runFolder }: ModelReference) {
  if (runFolder === undefined) return undefined;
  const spec = await new RunFolder(runFolder).readSpec();
  if (spec.engine !== 'embedded') {
    throw new StudioError(
      'not-available',
      `This model was trained by the engine "${spec.engine}", which is not loaded here.`,
      {
        where: { file: runFolder },
        hint: 'Choose a run of the embedded engine.',
      },
    );
  }
  const { train, validation, map = {} } = spec.data;
  const files = [
    { path: train.path, fingerprint: train.fingerprint, role: 'train' as const },
    ...(validation
      ? [{ path: validation.path, fingerprint: validation.fingerprint, role: 'validation' as const }]
      : []),
  ];
  return {
    run: { id: spec.id, name: spec.name, folder: path.resolve(runFolder) },
    trainingData: { files, method: spec.method, map } satisfies TrainingData,
  };
}
