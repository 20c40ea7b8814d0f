/** The feature "evaluation": measures the model of a run on a file, and shows what came of it. */

import * as vscode from 'vscode';
import type { KeptEvaluation } from '../../core/evaluations/evaluation-files.ts';
import type { RunState } from '../../core/runs/state.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import { pickRun } from '../training/activate.ts';
import { isEvaluable } from '../training/run-tree-items.ts';
import type { Runs } from '../training/runs.ts';
import { deleteEvaluation } from './delete-evaluation.ts';
import { EVALUATION_VIEW_TYPE, EvaluationEditorProvider } from './evaluation-editor.ts';
import { requireModel } from './require-model.ts';

// Loaded when it is asked for.
const evaluating = () => import('./evaluate-run.ts');
const datasets = () => import('../training/pick-dataset.ts');

const TRUSTED = 'Models kept in a workspace are loaded only when it is trusted.';

export function activateEvaluation(studio: Studio, runs: Runs): vscode.Disposable {
  const open = (file: string) => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
  const editors = new EvaluationEditorProvider(studio, runs);
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(EVALUATION_VIEW_TYPE, editors),
    registerCommand(
      studio,
      'rewardStudio.evaluateRun',
      'Evaluate Run on a File',
      async (given?: RunState, file?: string) => {
        requireTrust(TRUSTED);
        const state = given ?? (await pickRun(runs, 'Which run to evaluate?', isEvaluable));
        if (!state) return;
        requireModel(state);
        const data =
          file ?? (await (await datasets()).pickDataset(`Evaluate ${state.spec.name}`, 1, 'Evaluate on This'));
        const report = data && (await (await evaluating()).evaluateRun(studio, runs, state, data));
        if (report) await open(report);
      },
    ),
    registerCommand(studio, 'rewardStudio.evaluateWith', 'Evaluate with a Run', async (uri?: vscode.Uri) => {
      requireTrust(TRUSTED);
      const data = fileOf(uri) ?? (await (await datasets()).pickDataset('Evaluate', 1, 'Evaluate on This'));
      const state = data && (await pickRun(runs, 'With the model of which run?', isEvaluable));
      const report = state && (await (await evaluating()).evaluateRun(studio, runs, state, data));
      if (report) await open(report);
    }),
    registerCommand(studio, 'rewardStudio.openEvaluation', 'Open Evaluation', (kept: Pick<KeptEvaluation, 'file'>) =>
      open(kept.file),
    ),
    registerCommand(
      studio,
      'rewardStudio.compareEvaluations',
      'Compare Evaluations',
      async (given?: Pick<KeptEvaluation, 'file'>, beside?: Pick<KeptEvaluation, 'file'>) => {
        const { pickEvaluation, pickOther } = await import('./compare-evaluations.ts');
        const file = given?.file ?? (await pickEvaluation(runs));
        // A menu passes other things as a second argument.
        const named = typeof beside?.file === 'string' ? beside.file : undefined;
        const other = named ?? (file && (await pickOther(runs, file)));
        if (!file || !other) return;
        editors.compare(file, other);
        await open(file);
      },
    ),
    registerCommand(studio, 'rewardStudio.deleteEvaluation', 'Delete Evaluation', async (kept: KeptEvaluation) => {
      requireTrust('Files are deleted in trusted workspaces only.');
      if (await deleteEvaluation(kept)) await runs.refresh();
    }),
  );
}

/** Of a menu, or of the editor in front where the palette names none. */
function fileOf(given: unknown): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    given instanceof vscode.Uri
      ? given
      : input instanceof vscode.TabInputCustom && given === undefined
        ? input.uri
        : undefined;
  const isReport = input instanceof vscode.TabInputCustom && input.viewType === EVALUATION_VIEW_TYPE;
  return uri?.scheme === 'file' && (given !== undefined || !isReport) ? uri.fsPath : undefined;
}
