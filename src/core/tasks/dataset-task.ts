/** What the editor wants done with a dataset away from the extension host: one task per process, answered as lines. */

import { type ConvertProgress, type ConvertReport, convert } from '../datasets/convert.ts';
import { DERIVED_FROM } from '../datasets/derive.ts';
import { type FixReport, fixDataset } from '../datasets/fix-dataset.ts';
import { openDataset } from '../datasets/open.ts';
import { adviseMethods, type MethodAdvice, recognise } from '../datasets/recognise.ts';
import type { SplitShares } from '../datasets/split.ts';
import { type ErrorReport, reportError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import { prepareRun, type RunDraft } from '../runs/prepare.ts';
import type { RunFile } from '../runs/spec.ts';

export type DatasetTask =
  | { readonly kind: 'advise'; readonly file: string }
  | { readonly kind: 'prepare-run'; readonly runFile: RunFile; readonly baseFolder: string; readonly version: string }
  | {
      readonly kind: 'convert';
      readonly input: string;
      readonly method: MethodId;
      readonly outputDir: string;
      readonly split: SplitShares | undefined;
      readonly force: boolean;
    }
  | {
      readonly kind: 'fix';
      readonly input: string;
      readonly method: MethodId;
      readonly findingId: string;
      readonly output: string;
    };

export interface Advice {
  readonly rows: number;
  /** Every method, the fitting ones first, each with its reason. */
  readonly methods: readonly (MethodAdvice & {
    /** Rows of the method are there, or can be made of those that are. */
    readonly convertible: boolean;
  })[];
}

export interface DatasetTaskResults {
  readonly advise: Advice;
  readonly 'prepare-run': RunDraft;
  readonly convert: ConvertReport;
  readonly fix: FixReport;
}

/** One line of the process's output; the last one is the value or the error. */
export type DatasetTaskLine<T> =
  | { readonly progress: ConvertProgress }
  | { readonly value: T }
  | { readonly error: ErrorReport };

/** Does one task; a failure is an answer too. */
export async function doDatasetTask(
  task: DatasetTask,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void,
): Promise<DatasetTaskLine<unknown>> {
  try {
    switch (task.kind) {
      case 'advise':
        return { value: await adviseFor(task.file, signal) };
      case 'prepare-run':
        return { value: await prepareRun(task.runFile, task.baseFolder, task.version, signal) };
      case 'convert': {
        const { kind: _, ...options } = task;
        return { value: await convert({ ...options, signal, onProgress }) };
      }
      case 'fix': {
        const { kind: _, ...options } = task;
        return { value: await fixDataset({ ...options, signal }) };
      }
    }
  } catch (error) {
    return { error: reportError(error) };
  }
}

async function adviseFor(file: string, signal: AbortSignal): Promise<Advice> {
  const dataset = await openDataset(file, signal);
  try {
    const advice = adviseMethods(await recognise(dataset, { signal }));
    const fits = (method: MethodId) => advice.some((entry) => entry.method === method && entry.fits);
    return {
      rows: dataset.rowCount,
      methods: advice.map((entry) => ({
        ...entry,
        convertible: [entry.method, ...DERIVED_FROM[entry.method]].some(fits),
      })),
    };
  } finally {
    await dataset.close();
  }
}
