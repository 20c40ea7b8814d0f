/** Exports rows of a dataset: the person says where to, progress and cancel in a notification. */

import path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import type { ExportFormat, ExportSource } from '../../core/queries/questions.ts';
import type { QueryProcess } from './query-process.ts';

const FORMATS: Readonly<Record<ExportFormat, string>> = { parquet: 'Parquet', jsonl: 'JSON Lines', csv: 'CSV' };

/** @param chosen asked of the person when absent */
export async function exportRowsOf(
  dataset: vscode.Uri,
  queries: () => QueryProcess,
  source: ExportSource,
  chosen?: ExportFormat,
): Promise<void> {
  const format = chosen ?? (await pickFormat());
  if (!format) return;
  const stem = path.basename(dataset.fsPath).replace(/\.[^.]+$/, '');
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(path.dirname(dataset.fsPath), `${stem}-export.${format}`)),
    filters: { [FORMATS[format]]: [format] },
    title: 'Export Rows',
  });
  if (!target) return;
  const title = `Exporting to ${path.basename(target.fsPath)}`;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const answer = await vscode.window.withProgress(options, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    return queries().exportRows(
      // The save dialog has asked about a file that is there.
      { source, format, path: target.fsPath, replace: true },
      {
        signal: abort.signal,
        onPart: (part) => {
          if (part.kind !== 'progress') return;
          progress.report({ increment: 100 * (part.done - shown) });
          shown = part.done;
        },
      },
    );
  });
  if (!answer.ok) {
    if (answer.fault.code !== 'cancelled') void vscode.window.showErrorMessage(describeError(answer.fault));
    return;
  }
  const done = `Exported ${answer.value.rows.toLocaleString('en')} rows to ${path.basename(target.fsPath)}.`;
  if ((await vscode.window.showInformationMessage(done, 'Open')) === 'Open') {
    await vscode.commands.executeCommand('vscode.open', target);
  }
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const picks = Object.entries(FORMATS).map(([format, label]) => ({ label, format: format as ExportFormat }));
  return (await vscode.window.showQuickPick(picks, { title: 'Export Rows: Format' }))?.format;
}
