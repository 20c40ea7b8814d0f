/** The feature "grading": the active model, the hover and grading on request. */

import * as vscode from 'vscode';
import { GradeCache } from '../../core/graders/grade-cache.ts';
import type { RunState } from '../../core/runs/state.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import { pickRun } from '../training/activate.ts';
import { isExportable, isGradable } from '../training/run-tree-items.ts';
import type { Runs } from '../training/runs.ts';
import type { ActiveModel } from './active-model.ts';
import { exportRunAsGrader } from './export-grader.ts';
import { gradeSelection } from './grade-selection.ts';
import { GradeHover } from './hover.ts';

export function activateGrading(studio: Studio, runs: Runs, activeModel: ActiveModel): vscode.Disposable {
  const cache = new GradeCache();
  const grader = () => activeModel.grader();
  const hover = new GradeHover(studio, grader, cache);
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider({ pattern: '**' }, hover),
    registerCommand(studio, 'rewardStudio.gradeSelection', 'Grade Selection', () => gradeSelection(grader, cache)),
    registerCommand(studio, 'rewardStudio.useAsGrader', 'Use as Grader', async (given?: RunState) => {
      requireTrust('Models kept in a workspace are loaded only when it is trusted.');
      const state = given ?? (await pickRun(runs, 'Whose model grades?', isGradable));
      if (!state) return;
      await activeModel.use(state);
      // Loading it now shows a damaged model at once, not at the first hover.
      await activeModel.grader();
    }),
    registerCommand(studio, 'rewardStudio.exportGrader', 'Export Grader', async (given?: RunState) => {
      requireTrust('Models kept in a workspace are read only when it is trusted.');
      const state = given ?? (await pickRun(runs, 'Whose model to export?', isExportable));
      if (state) await exportRunAsGrader(studio, state);
    }),
  );
}
