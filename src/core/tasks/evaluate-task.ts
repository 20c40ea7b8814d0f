/** An evaluation for the editor: the model of a run, measured on a file and kept with the run. */

import { type EvaluationProgress, evaluateFile } from '../evaluations/evaluate-file.ts';
import { keepReport } from '../evaluations/evaluation-files.ts';
import { openModel } from '../evaluations/open-model.ts';
import { RunStore } from '../runs/store.ts';
import type { Runtime } from '../runtime.ts';

export interface EvaluateTask {
  readonly kind: 'evaluate';
  /** That owns the run. */
  readonly storeBase: string;
  /** Of the run. */
  readonly runFolder: string;
  /** The data. */
  readonly file: string;
  readonly map?: Readonly<Record<string, string>>;
  /** Its Python serves models that have to be. */
  readonly runtime: Runtime;
}

export interface EvaluateTaskResult {
  /** Path of the report. */
  readonly file: string;
  readonly graded: number;
  readonly total: number;
  readonly tookSeconds: number;
}

export async function evaluateForEditor(
  { storeBase, runFolder, file, map, runtime }: EvaluateTask,
  signal: AbortSignal,
  onProgress: (progress: EvaluationProgress) => void,
): Promise<EvaluateTaskResult> {
  const model = await openModel(runFolder, new RunStore(storeBase), { runtime, serve: {} });
  const { run, trainingData } = model;
  const computed = await evaluateFile(model, {
    file,
    map,
    run: run && { id: run.id, name: run.name },
    trainingData,
    version: runtime.version,
    signal,
    onProgress,
  }).finally(() => model.grader.dispose());
  const kept = await keepReport(runFolder, computed);
  const { rows, took_seconds } = kept.report;
  return { file: kept.file, graded: rows.graded, total: rows.total, tookSeconds: took_seconds };
}
