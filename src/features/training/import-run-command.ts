/** "Import Run": the log of a training that ran elsewhere becomes a run of this workspace. */

import * as vscode from 'vscode';
import { toStudioError } from '../../core/errors.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import type { Runs } from './runs.ts';

const TITLE = 'Import Run';

/** @returns the run's folder; undefined when the person leaves */
export async function importForeignRun(studio: Studio, runs: Runs, given?: vscode.Uri): Promise<string | undefined> {
  const source = given?.fsPath ?? (await pickLog());
  if (source === undefined) return undefined;
  const folder = await importWithMethod(studio, runs, source);
  if (folder !== undefined) await runs.refresh();
  return folder;
}

async function pickLog(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: `${TITLE}: trainer_state.json, a log of verl, or an event file of TensorBoard`,
    openLabel: 'Import',
    canSelectFiles: true,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath;
}

/** Asks for the method where the log does not tell it. */
async function importWithMethod(
  studio: Studio,
  runs: Runs,
  source: string,
  method?: MethodId,
): Promise<string | undefined> {
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Importing ${source}`, cancellable: true },
      (_progress, token) =>
        askDatasetTask(
          studio.runtime,
          {
            kind: 'import-run',
            source,
            method,
            storeBase: runs.storeFor(source).base,
            version: studio.runtime.version,
          },
          { signal: abortSignalOf(token) },
        ),
    );
  } catch (error) {
    const known = toStudioError(error);
    if (method !== undefined || known?.code !== 'invalid-run' || known.where.field !== 'method') throw error;
    const items = Object.values(METHODS).map(({ id, title, summary }) => ({ label: title, description: summary, id }));
    const picked = await vscode.window.showQuickPick(items, { title: TITLE, placeHolder: known.message });
    return picked && importWithMethod(studio, runs, source, picked.id);
  }
}
