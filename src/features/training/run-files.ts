/** Run files in the editor: written for a training, trained from, and looked at before. */

import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError, toStudioError } from '../../core/errors.ts';
import { describePreflight } from '../../core/runs/describe-preflight.ts';
import { fileStem, RUN_FILE_ENDING, runFileOf, writeRunFile } from '../../core/runs/run-file-text.ts';
import { defaultName } from '../../core/runs/run-name.ts';
import { parseRunFile, type RunFile } from '../../core/runs/spec.ts';
import type { RunState } from '../../core/runs/state.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import type { Reports } from '../reports.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import type { Runs } from './runs.ts';

export interface TrainingRequest {
  readonly runFile: RunFile;
  /** What its relative paths are relative to. */
  readonly baseFolder: string;
  /** Absolute path of the training data. */
  readonly dataset: string;
  /** Absolute path, where it is a file. */
  readonly runFilePath?: string;
  /** Of the data that it was trained on before, where it is trained again. */
  readonly fingerprint?: string;
}

/**
 * Writes a run file beside its data: what is named by a relative path moves with it, and git keeps both. Data outside
 * the workspace, or in a folder that nobody may write to, get theirs in the workspace's folder.
 */
export async function saveRunFile(runFile: RunFile): Promise<TrainingRequest & { readonly runFilePath: string }> {
  const dataset = runFile.data.train;
  const stem = fileStem(runFile.name ?? defaultName(dataset, runFile.method));
  const beside = path.dirname(dataset);
  const data = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(dataset));
  const root = (data ?? vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file'))?.uri.fsPath;
  const write = (folder: string) => writeRunFile(runFile, folder, stem);
  const runFilePath = await write(data || root === undefined ? beside : root).catch((error: unknown) => {
    if (toStudioError(error)?.code !== 'permission-denied' || root === undefined || root === beside) throw error;
    return write(root);
  });
  return { runFile, baseFolder: path.dirname(runFilePath), dataset, runFilePath };
}

/** What a run did, to be done again. @throws StudioError 'not-available' for an imported run */
export function requestOf({ spec }: RunState): TrainingRequest {
  const runFile = runFileOf(spec);
  const { run_file } = spec;
  const dataset = runFile.data.train;
  return {
    runFile,
    dataset,
    baseFolder: path.dirname(dataset),
    fingerprint: spec.data.train.fingerprint,
    ...(run_file && { runFilePath: run_file }),
  };
}

/** The file given, else the one being edited, saved and parsed. @throws StudioError 'usage', 'invalid-run' */
export async function readRunFile(given?: vscode.Uri): Promise<TrainingRequest & { readonly runFilePath: string }> {
  const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file' || !uri.fsPath.endsWith(RUN_FILE_ENDING)) {
    throw new StudioError('usage', `No run file (*${RUN_FILE_ENDING}) is being edited.`, {
      hint: 'Open one, or write one with "Train Reward Model".',
    });
  }
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  const runFile = parseRunFile(document.getText(), uri.fsPath);
  const baseFolder = path.dirname(uri.fsPath);
  return { runFile, baseFolder, dataset: path.resolve(baseFolder, runFile.data.train), runFilePath: uri.fsPath };
}

/** Says what a run needs, whether that is there, and what would be started. */
export async function showPreflight(studio: Studio, runs: Runs, reports: Reports, given?: vscode.Uri): Promise<void> {
  const { runFile, baseFolder, dataset, runFilePath } = await readRunFile(given);
  const name = path.basename(runFilePath, RUN_FILE_ENDING);
  const report = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Preflight of ${name}`, cancellable: true },
    (_progress, token) =>
      askDatasetTask(
        studio.runtime,
        { kind: 'preflight', runFile, baseFolder, storeBase: runs.storeFor(dataset).base, runtime: studio.runtime },
        { signal: abortSignalOf(token) },
      ),
  );
  await reports.show(`Preflight of ${name}`, [`Preflight of ${runFilePath}`, '', ...describePreflight(report)]);
}
