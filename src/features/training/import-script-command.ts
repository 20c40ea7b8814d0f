/** "Import Training Script": a launch script becomes a run file beside it, and what became of each option is shown. */

import path from 'node:path';
import * as vscode from 'vscode';
import { type StudioError, toStudioError } from '../../core/errors.ts';
import { METHODS, type MethodId } from '../../core/methods/method.ts';
import {
  countOutcomes,
  describeEngine,
  describeOutcome,
  shortValue,
} from '../../core/runs/import-script/describe-import.ts';
import type { ImportReport } from '../../core/runs/import-script/import-script.ts';
import {
  type ImportFileOptions,
  importScriptFile,
  runFileBeside,
} from '../../core/runs/import-script/import-script-file.ts';
import { RUN_FILE_ENDING } from '../../core/runs/run-file-text.ts';

const TITLE = 'Import Training Script';

/** Asks for the script where none is given; does nothing when the person leaves. */
export async function importTrainingScript(given?: vscode.Uri): Promise<void> {
  const script = given?.fsPath ?? (await pickScript());
  if (script === undefined) return;
  const runFile = await pickRunFile(script);
  if (runFile === undefined) return;
  const report = await importWithMethod({ script, runFile, force: true });
  if (!report) return;
  await vscode.window.showTextDocument(vscode.Uri.file(report.run_file), { preview: false });
  void tellImported(report);
}

async function pickScript(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: TITLE,
    openLabel: 'Import',
    filters: { 'Shell scripts': ['sh', 'bash'], 'All files': ['*'] },
  });
  return chosen?.[0]?.fsPath;
}

/** Beside the script; where that file is there already, a dialog asks before it is replaced. */
async function pickRunFile(script: string): Promise<string | undefined> {
  const beside = vscode.Uri.file(runFileBeside(script));
  const exists = await vscode.workspace.fs.stat(beside).then(
    () => true,
    () => false,
  );
  if (!exists) return beside.fsPath;
  const chosen = await vscode.window.showSaveDialog({
    title: TITLE,
    defaultUri: beside,
    filters: { 'Run files': [RUN_FILE_ENDING.slice(1)] },
  });
  return chosen?.fsPath;
}

/** Asks for the method where the script does not tell it. */
async function importWithMethod(options: ImportFileOptions): Promise<ImportReport | undefined> {
  try {
    return (await importScriptFile(options)).report;
  } catch (error) {
    const known = toStudioError(error);
    if (known?.code !== 'invalid-run' || known.where.field !== 'method') throw error;
    const method = await pickMethod(known);
    return method === undefined ? undefined : (await importScriptFile({ ...options, method })).report;
  }
}

async function pickMethod(unclear: StudioError): Promise<MethodId | undefined> {
  const items = Object.values(METHODS).map(({ id, title, summary }) => ({ label: title, description: summary, id }));
  return (await vscode.window.showQuickPick(items, { title: TITLE, placeHolder: unclear.message }))?.id;
}

async function tellImported(report: ImportReport): Promise<void> {
  const showReport = 'Show Report';
  const warnings = report.warnings.length === 0 ? '' : ` ${report.warnings.length} warnings.`;
  const message = `${path.basename(report.run_file)}: ${countOutcomes(report)}.${warnings}`;
  if ((await vscode.window.showInformationMessage(message, showReport)) !== showReport) return;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: reportText(report) });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
}

/** The report as Markdown: text of the script stands in code spans only. */
function reportText(report: ImportReport): string {
  const { launch, options, defaults, ignored_lines, warnings } = report;
  const lines = [
    `# ${path.basename(report.run_file)} from ${path.basename(report.script)}`,
    '',
    `- launch: line ${launch.line}, ${code(launch.trainer)}`,
    `- method: ${report.method_reason}`,
    `- engine: ${describeEngine(report)}`,
    `- ${countOutcomes(report)}`,
    ...warnings.map((warning) => `- warning: ${warning}`),
    '',
    '| line | option | value | becomes |',
    '|---|---|---|---|',
    ...options.map((option) =>
      row([String(option.line), code(option.option), code(shortValue(option.value)), describeOutcome(option)]),
    ),
  ];
  if (defaults.length > 0) {
    lines.push(
      '',
      '## Defaults of variables that the script does not set',
      '',
      '| line | variable | default |',
      '|---|---|---|',
    );
    lines.push(...defaults.map(({ line, name, text }) => row([String(line), code(name), code(shortValue(text))])));
  }
  if (ignored_lines.length > 0) {
    lines.push('', '## Not part of the run', '', '| line | command | why |', '|---|---|---|');
    lines.push(...ignored_lines.map(({ line, text, reason }) => row([String(line), code(text), reason])));
  }
  return `${lines.join('\n')}\n`;
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const code = (text: string): string => (text === '' ? '' : `\`${text.replaceAll('`', "'")}\``);
