/** An evaluation for the editor: a grader measured on a file, and kept with its run or, where it has none, with the workspace. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type EvaluationProgress, evaluateFile } from '../evaluations/evaluate-file.ts';
import { evaluatedGrader } from '../evaluations/evaluated-grader.ts';
import { keepReport } from '../evaluations/evaluation-files.ts';
import { type EvaluatedModel, openModel } from '../evaluations/open-model.ts';
import { hideStore, RunStore, STORE_FOLDER } from '../runs/store.ts';
import type { Runtime } from '../runtime.ts';
import { openTaskGrader, type TaskGrader } from './task-grader.ts';

export interface EvaluateTask {
  readonly kind: 'evaluate';
  readonly grader: TaskGrader;
  /** The folder of the workspace, where what belongs to no run is kept. */
  readonly base: string;
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
  { grader, base, file, map, runtime }: EvaluateTask,
  signal: AbortSignal,
  onProgress: (progress: EvaluationProgress) => void,
): Promise<EvaluateTaskResult> {
  const model = await open(grader, runtime);
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
  const kept = await keepReport(grader.kind === 'run' ? grader.runFolder : await storeOf(base), computed);
  const { rows, took_seconds } = kept.report;
  return { file: kept.file, graded: rows.graded, total: rows.total, tookSeconds: took_seconds };
}

const open = async (grader: TaskGrader, runtime: Runtime): Promise<EvaluatedModel> =>
  grader.kind === 'run'
    ? openModel(grader.runFolder, new RunStore(grader.storeBase), { runtime, serve: {} })
    : evaluatedGrader(await openTaskGrader(grader, runtime));

async function storeOf(base: string): Promise<string> {
  const folder = path.join(base, STORE_FOLDER);
  await mkdir(folder, { recursive: true });
  await hideStore(folder);
  return folder;
}
