/** Asks which kept evaluations to set beside each other. */

import path from 'node:path';
import * as vscode from 'vscode';
import { isOfSameRecords } from '../../core/evaluations/compare-evaluations.ts';
import { type KeptEvaluation, listEvaluations, readReport } from '../../core/evaluations/evaluation-files.ts';
import { formatMeasure, measureTitle } from '../../core/methods/describe-evaluation.ts';
import { STORE_FOLDER } from '../../core/runs/store.ts';
import type { Runs } from '../training/runs.ts';

const TITLE = 'Compare Evaluations';

/** One of those kept in this workspace. */
export async function pickEvaluation(runs: Runs): Promise<string | undefined> {
  const kept = await keptEvaluations(runs);
  if (kept.length > 0) return pick(kept, 'Which evaluation?');
  void vscode.window.showInformationMessage('No run of this workspace has been evaluated on a file.');
  return undefined;
}

/** Another one of the same records. */
export async function pickOther(runs: Runs, file: string): Promise<string | undefined> {
  const own = await readReport(file);
  const others: KeptEvaluation[] = [];
  for (const kept of await keptEvaluations(runs)) {
    if (kept.file === file || kept.fingerprint !== own.data.fingerprint) continue;
    if (isOfSameRecords(own, await readReport(kept.file))) others.push(kept);
  }
  if (others.length > 0) return pick(others, `With which other evaluation on ${path.basename(own.data.path)}?`);
  const evaluate = 'Evaluate with a Run\u2026';
  const answer = await vscode.window.showInformationMessage(
    `No other evaluation of the same rows of ${path.basename(own.data.path)} is kept in this workspace.`,
    evaluate,
  );
  if (answer === evaluate) {
    await vscode.commands.executeCommand('rewardStudio.evaluateWith', vscode.Uri.file(own.data.path));
  }
  return undefined;
}

async function keptEvaluations(runs: Runs): Promise<KeptEvaluation[]> {
  await runs.ready();
  // Those of graders that belong to no run are kept with the workspace.
  const workspaces = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => path.join(uri.fsPath, STORE_FOLDER));
  const lists = await Promise.all([...runs.states.map(({ folder }) => folder), ...workspaces].map(listEvaluations));
  return lists.flatMap(({ evaluations }) => evaluations).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

async function pick(kept: readonly KeptEvaluation[], placeHolder: string): Promise<string | undefined> {
  const items = kept.map(({ file, grader, data, measure, createdAt }) => ({
    label: grader,
    description: `on ${path.basename(data)}, ${new Date(createdAt).toLocaleString()}`,
    ...(measure ? { detail: `${measureTitle(measure.name)} ${formatMeasure(measure)}` } : {}),
    file,
  }));
  return (await vscode.window.showQuickPick(items, { title: TITLE, placeHolder, ignoreFocusOut: true }))?.file;
}
