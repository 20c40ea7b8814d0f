/** "Delete Evaluation": asked first, into the trash where the system has one. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { KeptEvaluation } from '../../core/evaluations/evaluation-files.ts';

/** @returns whether it is gone */
export async function deleteEvaluation({ file, grader, data }: KeptEvaluation): Promise<boolean> {
  const remove = 'Delete';
  const asked = await vscode.window.showWarningMessage(
    `Delete the evaluation of "${grader}" on ${path.basename(data)}?`,
    { modal: true, detail: file },
    remove,
  );
  if (asked !== remove) return false;
  const uri = vscode.Uri.file(file);
  // A server has no trash; what can be computed again needs no second question.
  await vscode.workspace.fs
    .delete(uri, { useTrash: true })
    .then(undefined, () => vscode.workspace.fs.delete(uri, { useTrash: false }));
  return true;
}
