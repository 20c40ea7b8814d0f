/** Writes a report to a file that the person chooses. */

import path from 'node:path';
import * as vscode from 'vscode';
import { writeReport } from '../../core/evaluations/evaluation-files.ts';
import { EVALUATION_ENDING } from '../../core/evaluations/evaluation-names.ts';
import { reportCsv } from '../../core/evaluations/export-csv.ts';
import type { EvaluationReport } from '../../core/evaluations/report.ts';
import type { ExportFormat } from '../../protocol/evaluation-page.ts';

export async function exportReport(report: EvaluationReport, format: ExportFormat): Promise<void> {
  const name = `${report.grader.name} on ${path.parse(report.data.path).name}`.replaceAll(/[^\w.-]+/g, '-');
  const ending = format === 'json' ? EVALUATION_ENDING : '.csv';
  const target = await vscode.window.showSaveDialog({
    title: 'Export Evaluation',
    defaultUri: vscode.Uri.file(path.join(folderOf(report), `${name}${ending}`)),
    filters: format === 'json' ? { JSON: ['json'] } : { CSV: ['csv'] },
  });
  if (!target) return;
  if (format === 'json') await writeReport(target.fsPath, report);
  else await vscode.workspace.fs.writeFile(target, Buffer.from(reportCsv(report), 'utf8'));
  const message = `Exported the evaluation to ${path.basename(target.fsPath)}.`;
  if ((await vscode.window.showInformationMessage(message, 'Open')) === 'Open') {
    await vscode.commands.executeCommand('vscode.open', target);
  }
}

/** Beside the data where these are in the workspace: the run's own folder goes with the run. */
function folderOf({ data }: EvaluationReport): string {
  const uri = vscode.Uri.file(data.path);
  const own = vscode.workspace.getWorkspaceFolder(uri);
  return own
    ? path.dirname(data.path)
    : (vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? path.dirname(data.path));
}
