/** Measures a model on the labelled rows of a dataset. */

import { loadRecords } from '../datasets/load-records.ts';
import { evaluateEmbedded } from '../engines/embedded/evaluate.ts';
import { readModelFile } from '../engines/embedded/model-file.ts';
import type { Evaluation } from '../methods/evaluation.ts';
import { METHODS } from '../methods/method.ts';

export interface FileEvaluation {
  readonly evaluation: Evaluation;
  /** Rows that give no record: they are counted, never scored. */
  readonly unusable: { readonly count: number; readonly first: string | undefined };
}

export interface EvaluateOptions {
  readonly map?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export async function evaluateFile(
  modelFile: string,
  dataFile: string,
  options: EvaluateOptions = {},
): Promise<FileEvaluation> {
  const model = await readModelFile(modelFile);
  const { records, problems } = await loadRecords(dataFile, METHODS[model.method], options);
  return { evaluation: evaluateEmbedded(model, records), unusable: problems };
}
