/** "Prepare Training Data": asks step by step, then the files are made in a process of their own. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { ConvertReport } from '../../core/datasets/convert.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { chosen, type PreparationDraft, type PreparationRequest } from './preparation-draft.ts';
import {
  type Direction,
  datasetStep,
  folderStep,
  labelStep,
  methodStep,
  type PreparationStep,
  pairScoresStep,
  splitStep,
} from './preparation-steps.ts';
import { percentIn } from './task-progress.ts';

const STEPS: readonly PreparationStep[] = [datasetStep, methodStep, labelStep, pairScoresStep, splitStep, folderStep];

/** What is known before anything is asked. */
export interface Given {
  readonly input?: string | undefined;
  readonly method?: MethodId | undefined;
}

/** Asks step by step; undefined when the person leaves. */
export async function askForPreparation(studio: Studio, given: Given): Promise<PreparationRequest | undefined> {
  const draft: PreparationDraft = { formats: [], options: {} };
  if (given.input !== undefined) draft.input = given.input;
  if (given.method !== undefined) draft.given = given.method;
  let at = given.input === undefined ? 0 : 1;
  let from: Direction = 'next';
  for (let step = STEPS[at]; step !== undefined; step = STEPS[at]) {
    const to: Direction | undefined = await step(studio, draft, from);
    if (to === undefined) return undefined;
    from = to;
    at += to === 'next' ? 1 : -1;
  }
  const { input, method } = chosen(draft);
  const { split, map, pairScores, outputDir, options } = draft;
  if (outputDir === undefined) return undefined;
  return { ...options, input, method: method.method, split, map, pairScores, outputDir };
}

/** Makes the files, with progress and cancel. */
export function prepareData(studio: Studio, request: PreparationRequest): Thenable<ConvertReport> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Preparing ${METHODS[request.method].title} data from ${path.basename(request.input)}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) =>
    askDatasetTask(
      studio.runtime,
      { kind: 'convert', ...request, force: false },
      { signal: abortSignalOf(token), onProgress: percentIn(progress) },
    ),
  );
}

/** The result with its counts, and what to do next. */
export async function tellPrepared(report: ConvertReport): Promise<void> {
  const dropped = report.dropped.reduce((sum, { count }) => sum + count, 0);
  const files = report.files.map((file) => `${path.basename(file.path)} ${file.rows}`).join(', ');
  const left =
    dropped === 0 ? '' : ` ${dropped} rows were left out: ${path.basename(report.datasheet)} has the reasons.`;
  const open = 'Open';
  const sheet = 'Datasheet';
  const train = 'Train';
  const message = `${report.records} records for ${METHODS[report.method].title}: ${files}.${left}`;
  const choice = await vscode.window.showInformationMessage(message, open, sheet, train);
  if (choice === sheet) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(report.datasheet));
  const first = report.files[0];
  if (!first) return;
  if (choice === open) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(first.path));
  if (choice === train) await vscode.commands.executeCommand('rewardStudio.train', vscode.Uri.file(first.path));
}
