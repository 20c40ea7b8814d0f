/** What the editor wants done with a dataset away from the extension host: one task per process, answered as lines. */

import { type ConvertOptions, type ConvertProgress, type ConvertReport, convert } from '../datasets/convert.ts';
import { DERIVED_FROM, SCORED_BY_SIDE } from '../datasets/derive.ts';
import { fingerprintDataset } from '../datasets/fingerprint.ts';
import { type FixOptions, type FixReport, fixDataset } from '../datasets/fix-dataset.ts';
import type { ColumnMap } from '../datasets/formats/binding.ts';
import { type LabelQuestion, labelQuestions } from '../datasets/label-questions.ts';
import { openDataset } from '../datasets/open.ts';
import { adviseMethods, type MethodAdvice, recognise } from '../datasets/recognise.ts';
import { sampleRows } from '../datasets/sample.ts';
import { DIALECTS } from '../datasets/writers/dialects/dialects.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../datasets/writers/record-writer.ts';
import { type ErrorReport, reportError } from '../errors.ts';
import type { EvaluationProgress } from '../evaluations/evaluate-file.ts';
import type { MethodId } from '../methods/method.ts';
import { type ImportRunOptions, importRun } from '../runs/import-run/import-run.ts';
import { type PreflightReport, preflight } from '../runs/preflight.ts';
import { prepareRun, type RunDraft } from '../runs/prepare.ts';
import type { RunFile } from '../runs/spec.ts';
import { RunStore } from '../runs/store.ts';
import type { Runtime } from '../runtime.ts';
import { type AgentToolTask, answerAgent } from './agent-tool-task.ts';
import { type EvaluateTask, type EvaluateTaskResult, evaluateForEditor } from './evaluate-task.ts';
import { type GradeFileTask, type GradeFileTaskResult, gradeFileForEditor } from './grade-file-task.ts';

export type DatasetTask =
  | { readonly kind: 'advise'; readonly file: string; readonly map?: ColumnMap }
  | { readonly kind: 'fingerprint'; readonly file: string }
  | EvaluateTask
  | GradeFileTask
  | AgentToolTask
  | { readonly kind: 'prepare-run'; readonly runFile: RunFile; readonly baseFolder: string; readonly version: string }
  | {
      readonly kind: 'preflight';
      readonly runFile: RunFile;
      readonly baseFolder: string;
      /** That owns the runs. */
      readonly storeBase: string;
      readonly runtime: Runtime;
    }
  | ({ readonly kind: 'import-run'; readonly storeBase: string } & ImportRunOptions)
  | ({ readonly kind: 'convert' } & Omit<ConvertOptions, 'signal' | 'onProgress'>)
  | ({ readonly kind: 'fix' } & Omit<FixOptions, 'signal' | 'onProgress'>);

export interface Advice {
  readonly rows: number;
  /** Every method, the fitting ones first, each with its reason. */
  readonly methods: readonly AdvisedMethod[];
  /** The formats that can be written, the usual one first. */
  readonly formats: readonly OutputFormat[];
}

export interface AdvisedMethod extends MethodAdvice {
  /** Rows of the method are there, or can be made of those that are. */
  readonly convertible: boolean;
  /** The method whose records the rows hold, where training files can be made of them. */
  readonly source?: MethodId;
  /** What a person has to say first, because the rows can be read in several ways. */
  readonly question?: LabelQuestion;
  /** Scores can be made of the rows once a person says which the two sides stand for. */
  readonly asksPairScores?: true;
  /** The layouts of trainers that it can be written in, the usual one first. */
  readonly dialects: readonly { readonly id: string; readonly title: string }[];
}

export interface DatasetTaskResults {
  readonly advise: Advice;
  readonly fingerprint: string;
  readonly evaluate: EvaluateTaskResult;
  readonly 'grade-file': GradeFileTaskResult;
  /** What the tool answers. */
  readonly 'agent-tool': Record<string, unknown>;
  readonly 'prepare-run': RunDraft;
  readonly preflight: PreflightReport;
  /** The run's folder. */
  readonly 'import-run': string;
  readonly convert: ConvertReport;
  readonly fix: FixReport;
}

export type TaskProgress = ConvertProgress | EvaluationProgress;

/** One line of the process's output; the last one is the value or the error. */
export type DatasetTaskLine<T> =
  | { readonly progress: TaskProgress }
  | { readonly value: T }
  | { readonly error: ErrorReport };

/** Does one task; a failure is an answer too. */
export async function doDatasetTask(
  task: DatasetTask,
  signal: AbortSignal,
  onProgress: (progress: TaskProgress) => void,
): Promise<DatasetTaskLine<unknown>> {
  try {
    switch (task.kind) {
      case 'advise':
        return { value: await adviseFor(task.file, task.map, signal) };
      case 'fingerprint':
        return { value: await fingerprintOf(task.file, signal) };
      case 'evaluate':
        return { value: await evaluateForEditor(task, signal, onProgress) };
      case 'grade-file':
        return { value: await gradeFileForEditor(task, signal, onProgress) };
      case 'agent-tool':
        return { value: await answerAgent(task, signal) };
      case 'prepare-run':
        return { value: await prepareRun(task.runFile, task.baseFolder, task.version, signal) };
      case 'preflight': {
        const { runFile, baseFolder, storeBase, runtime } = task;
        return { value: await preflight(runFile, { baseFolder, store: new RunStore(storeBase), runtime, signal }) };
      }
      case 'import-run': {
        const { kind: _, storeBase, ...options } = task;
        return { value: (await importRun(new RunStore(storeBase), options)).folder.path };
      }
      case 'convert': {
        const { kind: _, ...options } = task;
        return { value: await convert({ ...options, signal, onProgress }) };
      }
      case 'fix': {
        const { kind: _, ...options } = task;
        return { value: await fixDataset({ ...options, signal, onProgress }) };
      }
    }
  } catch (error) {
    return { error: reportError(error) };
  }
}

async function fingerprintOf(file: string, signal: AbortSignal): Promise<string> {
  const dataset = await openDataset(file, signal);
  try {
    return await fingerprintDataset(dataset, signal);
  } finally {
    await dataset.close();
  }
}

async function adviseFor(file: string, map: ColumnMap | undefined, signal: AbortSignal): Promise<Advice> {
  const dataset = await openDataset(file, signal);
  try {
    const recognition = await recognise(dataset, { map, signal });
    const advice = adviseMethods(recognition);
    const questions = labelQuestions(recognition, dataset.columns, await sampleRows(dataset, signal));
    const fits = (method: MethodId) => advice.some((entry) => entry.method === method && entry.fits);
    return {
      rows: dataset.rowCount,
      methods: advice.map((entry) => {
        const sources = [entry.method, ...DERIVED_FROM[entry.method]];
        const scored = entry.method === 'pointwise' ? SCORED_BY_SIDE.find(fits) : undefined;
        const source = sources.find(fits) ?? sources.find((method) => questions[method]) ?? scored;
        const question = source && questions[source];
        return {
          ...entry,
          convertible: source !== undefined,
          ...(source && { source }),
          ...(question && { question }),
          ...(source !== undefined && source === scored && { asksPairScores: true as const }),
          dialects: DIALECTS.filter(({ layouts }) => typeof layouts[entry.method] !== 'string').map(
            ({ id, title }) => ({ id, title }),
          ),
        };
      }),
      formats: OUTPUT_FORMATS,
    };
  } finally {
    await dataset.close();
  }
}
