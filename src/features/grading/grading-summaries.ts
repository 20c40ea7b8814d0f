/** The summary of a grading as a document to read: its distribution, verdicts and agreement with the labels. */

import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { describeGrading } from '../../core/gradings/describe-grading.ts';

const SCHEME = 'reward-studio-grading';

export const activateSummaries = (): vscode.Disposable =>
  vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ query }) => summaryText(query),
  });

/** @param folder of the grading */
export async function showSummary(folder: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${path.basename(folder)}.txt`, query: folder });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

async function summaryText(folder: string): Promise<string> {
  const { GradingFolder } = await import('../../core/gradings/grading-store.ts');
  const grading = new GradingFolder(folder);
  const [spec, summary] = [await grading.spec(), await grading.summary()];
  if (!spec || !summary)
    throw new StudioError('file-not-found', 'This grading has no summary.', { where: { file: folder } });
  return [
    `${path.basename(spec.input)}, graded ${summary.finished_at.slice(0, 16).replace('T', ' ')} UTC`,
    '',
    ...describeGrading(spec, summary),
    '',
    `columns ${summary.columns.join(', ')}`,
    `in ${path.relative(path.dirname(spec.input), spec.output)}`,
    '',
  ].join('\n');
}
