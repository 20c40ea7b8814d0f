/** What has to be read from a dataset before a run can start, as requests that a worker process answers. */

import { openDataset } from '../datasets/open.ts';
import { adviseMethods, type MethodAdvice, recognise } from '../datasets/recognise.ts';
import { type ErrorReport, reportError } from '../errors.ts';
import { prepareRun, type RunDraft } from './prepare.ts';
import type { RunFile } from './spec.ts';

export type PreparationRequest =
  | { readonly kind: 'advise'; readonly file: string }
  | { readonly kind: 'prepare'; readonly runFile: RunFile; readonly baseFolder: string; readonly version: string };

export interface Advice {
  readonly rows: number;
  /** Every method, the fitting ones first, each with its reason. */
  readonly methods: readonly MethodAdvice[];
}

export interface PreparationResults {
  readonly advise: Advice;
  readonly prepare: RunDraft;
}

export type PreparationAnswer<T> = { readonly value: T } | { readonly error: ErrorReport };

/** Answers one request; a failure is an answer too. */
export async function answerPreparation(request: PreparationRequest): Promise<PreparationAnswer<unknown>> {
  try {
    if (request.kind === 'prepare') {
      return { value: await prepareRun(request.runFile, request.baseFolder, request.version) };
    }
    return { value: await adviseFor(request.file) };
  } catch (error) {
    return { error: reportError(error) };
  }
}

async function adviseFor(file: string): Promise<Advice> {
  const dataset = await openDataset(file);
  try {
    return { rows: dataset.rowCount, methods: adviseMethods(await recognise(dataset, {})) };
  } finally {
    await dataset.close();
  }
}
