/** "Grade Selection": grades the response at the cursor, or the selected text, with progress and cancel. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import { gradeLine } from '../../core/graders/grade-card.ts';
import type { Grader } from '../../core/graders/grader.ts';
import { abortSignalOf, requireTrust } from '../studio.ts';
import { requestOf } from './hover.ts';

export async function gradeSelection(grader: () => Promise<Grader | undefined>, cache: GradeCache): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    throw new StudioError('usage', 'There is no text here.', { hint: 'Select a response in an editor first.' });
  }
  const { locateInDocument } = await import('./locate-in-document.ts');
  const found = locateInDocument(editor.document, editor.selection.active);
  if (!found) {
    throw new StudioError('usage', 'There is no response at the cursor.', {
      where: { file: editor.document.uri.fsPath, row: editor.selection.active.line + 1 },
      hint: 'Put the cursor into a response, or select the text to grade.',
    });
  }
  const request = requestOf(found.located);
  const options = { location: vscode.ProgressLocation.Notification, title: 'Grading', cancellable: true };
  const grade = await vscode.window.withProgress(options, async (progress, token) => {
    const active = await grader();
    if (!active) {
      requireTrust('Models kept in a workspace are loaded only when it is trusted.');
      throw new StudioError('not-available', 'No model grades yet.', {
        hint: 'Train one, or choose a finished run with "Use as Grader".',
      });
    }
    progress.report({
      message: active.kind === 'local-model' ? `${active.name}; a model that is not loaded takes a while` : active.name,
    });
    const known = await active.grade(request, abortSignalOf(token));
    if (!active.instant) cache.set(active, request, known);
    return known;
  });
  const show = 'Show Details';
  void vscode.window.showInformationMessage(gradeLine(grade), show).then(async (choice) => {
    if (choice === undefined) return;
    await vscode.window.showTextDocument(editor.document, { selection: editor.selection });
    await vscode.commands.executeCommand('editor.action.showHover');
  });
}
