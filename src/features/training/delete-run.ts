/** "Delete Run": asked first, into the trash where the system has one. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';

/** @returns whether it is gone. @throws StudioError 'run-busy' for an active run */
export async function deleteRun({ spec, folder, status }: RunState): Promise<boolean> {
  if (ACTIVE_STATUSES.has(status)) {
    throw new StudioError('run-busy', `The run is ${status}.`, { where: { file: folder }, hint: 'Stop it first.' });
  }
  const remove = 'Delete';
  const detail = `${folder}\nIts log, its metrics and its model go to the trash, where this machine has one.`;
  const asked = await vscode.window.showWarningMessage(
    `Delete the run "${spec.name}"?`,
    { modal: true, detail },
    remove,
  );
  if (asked !== remove) return false;
  const uri = vscode.Uri.file(folder);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
    return true;
  } catch (error) {
    const forever = 'Delete Permanently';
    const reason = error instanceof Error ? error.message : String(error);
    const choice = await vscode.window.showWarningMessage(
      `"${spec.name}" cannot be moved to the trash. Delete it permanently?`,
      { modal: true, detail: reason },
      forever,
    );
    if (choice !== forever) return false;
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
    return true;
  }
}
