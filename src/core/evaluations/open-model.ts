/** The grader of a model that a person names, ready to be measured, with what is known of its training. */

import { access } from 'node:fs/promises';
import path from 'node:path';
import { readModelFile } from '../engines/embedded/model-file.ts';
import { StudioError } from '../errors.ts';
import type { Grader } from '../graders/grader.ts';
import { readGraderFile } from '../graders/local-model/grader-file.ts';
import { type ModelReference, resolveModel } from '../graders/model-reference.ts';
import { type GraderHost, openGrader } from '../graders/open-grader.ts';
import { RunFolder, type RunStore } from '../runs/store.ts';
import type { EvaluatedGrader } from './evaluate-file.ts';
import type { JudgedMethod } from './labelled-rows.ts';
import type { TrainingData } from './training-prompts.ts';

export interface EvaluatedModel extends EvaluatedGrader {
  /** Undefined where nothing tells it: a model folder by itself. */
  readonly trainingData: TrainingData | undefined;
  /** The run that trained it, where the model is that of a run. */
  readonly run: { readonly id: string; readonly name: string; readonly folder: string } | undefined;
}

/** Of a served model: enough that it always has a whole batch to compute. */
const SERVED_CONCURRENCY = 16;

const ENGINES: readonly string[] = ['embedded', 'trl'];

/**
 * Whoever opens it disposes of its grader, which may have started a process.
 * @param reference a model file or folder, a run's folder, or a run by id or name
 * @throws StudioError 'run-not-found', or 'invalid-model' where the run has no model yet, or no longer, or one that does
 *   not grade
 */
export async function openModel(reference: string, store: RunStore, host: GraderHost): Promise<EvaluatedModel> {
  const model = await resolveModel(reference, store);
  await access(model.file).catch((cause) => {
    throw new StudioError('invalid-model', 'The model is not there any more.', {
      where: { file: model.file },
      hint: 'Train it again, or restore the file.',
      cause,
    });
  });
  const run = await runOf(model);
  const grader = await openGrader(model, host);
  const about = await aboutModel(grader, model.file);
  return {
    grader,
    kind: grader.kind,
    model: model.file,
    trainedAt: model.trainedAt,
    ...about,
    trainingData: run?.trainingData ?? about.trainingData,
    run: run?.run,
  };
}

async function aboutModel(
  { kind }: Grader,
  model: string,
): Promise<Pick<EvaluatedModel, 'method' | 'concurrency' | 'trainingData'>> {
  if (kind === 'local-model') {
    const { method } = await readGraderFile(model);
    return { method: method as JudgedMethod, concurrency: SERVED_CONCURRENCY, trainingData: undefined };
  }
  const { method, data } = await readModelFile(model);
  // It grades here, in this thread.
  return { method, concurrency: 1, trainingData: { files: [{ ...data, role: 'train' }], method, map: {} } };
}

async function runOf({ runFolder }: ModelReference) {
  if (runFolder === undefined) return undefined;
  const spec = await new RunFolder(runFolder).readSpec();
  if (!ENGINES.includes(spec.engine)) {
    throw new StudioError(
      'not-available',
      `This model was trained by the engine "${spec.engine}", which is not loaded here.`,
      {
        where: { file: runFolder },
        hint: 'Choose a run of the engine embedded or trl.',
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
