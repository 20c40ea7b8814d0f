/** "Export Grader": the model of a run as a Python file for those who grade elsewhere. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { type ExportForm, exportGrader } from '../../core/graders/export/export-grader.ts';
import type { RunState } from '../../core/runs/state.ts';
import type { Studio } from '../studio.ts';

const FORMS: readonly (vscode.QuickPickItem & { readonly form: ExportForm })[] = [
  {
    form: 'openjudge',
    label: 'OpenJudge graders',
    detail: 'Grader classes for the GradingRunner of py-openjudge.',
  },
  {
    form: 'script',
    label: 'Python script',
    detail: 'Grades rows with transformers, or over HTTP.',
  },
];

export async function exportRunAsGrader(studio: Studio, { folder, spec, fold }: RunState): Promise<void> {
  if (fold.result === undefined) {
    throw new StudioError('invalid-model', 'This run has no model.', {
      where: { file: folder },
      hint: 'Wait until it has finished, or choose another run.',
    });
  }
  const model = {
    file: path.join(folder, fold.result.model),
    name: spec.name,
    trainedAt: fold.updatedAt ?? spec.created_at,
    runFolder: folder,
  };
  const picked = await vscode.window.showQuickPick(FORMS, {
    title: `Export Grader: ${spec.name}`,
    placeHolder: 'For whom is it?',
  });
  if (!picked) return;
  // A model that cannot be exported says so before one is asked for a place.
  const { module, names } = await exportGrader(model, picked.form, studio.runtime.python!.packageFolder);
  const name = `${spec.name.replaceAll(/\W+/g, '_')}_grader.py`;
  const root = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(folder);
  const target = await vscode.window.showSaveDialog({
    title: `Export Grader: ${spec.name}`,
    defaultUri: vscode.Uri.joinPath(root, name),
    filters: { Python: ['py'] },
  });
  if (!target) return;
  await writeFile(target.fsPath, module);
  await vscode.window.showTextDocument(target);
  void vscode.window.showInformationMessage(
    `Exported ${spec.name} to ${path.basename(target.fsPath)}: ${names.join(', ')}.`,
  );
}
