/** The feature "grading": what grades, the hover and grading on request. */

import path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import { GradeCache } from '../../core/graders/grade-cache.ts';
import type { Grader } from '../../core/graders/grader.ts';
import type { StoredGrading } from '../../core/gradings/grading-store.ts';
import type { RunState } from '../../core/runs/state.ts';
import type { RowGrading } from '../dataset-viewer/viewer-services.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import { pickRun } from '../training/activate.ts';
import { isExportable } from '../training/run-tree-items.ts';
import { ExplainedScores } from './explain-score.ts';
import { activateGradersView, type GraderServices, pickGrader } from './graders-view.ts';
import { activateGradings } from './gradings.ts';
import { GradeHover } from './hover.ts';
import { placeOf } from './hover-links.ts';
import type { ListedGrader } from './listed-grader.ts';
import type { LowGrades } from './low-grades.ts';
import { MarksSwitch } from './marks-switch.ts';
import { AnswerGrading } from './row-grades.ts';

export function activateGrading(
  studio: Studio,
  services: GraderServices,
): vscode.Disposable & { readonly rows: RowGrading } {
  const { runs, activeModel } = services;
  const gradesChanged = new vscode.EventEmitter<void>();
  const cache = new GradeCache({
    onChange: () => gradesChanged.fire(),
    file: studio.context.storageUri && path.join(studio.context.storageUri.fsPath, 'grades.jsonl'),
    onProblem: (error) => studio.log.warn(`grades are not kept: ${describeError(error)}`),
  });
  const grader = () => activeModel.grader();
  const hover = new GradeHover(studio, grader, cache);
  const disposable = vscode.Disposable.from(
    gradesChanged,
    activeModel.onDidChange(() => gradesChanged.fire()),
    new MarksSwitch(studio, { grader, cache, onDidChange: gradesChanged.event }),
    activateGradersView(studio, services),
    vscode.languages.registerHoverProvider({ pattern: '**' }, hover),
    registerCommand(studio, 'rewardStudio.gradeSelection', 'Grade Selection', async () =>
      (await import('./grade-selection.ts')).gradeSelection(grader, cache),
    ),
    activateGradings(studio, services),
    registerCommand(studio, 'rewardStudio.compareSelections', 'Compare Selections', async (given?: unknown) =>
      (await comparing()).compareSelections(grader, placeOf(given)),
    ),
    registerCommand(studio, 'rewardStudio.rankCandidates', 'Rank Candidates', async () =>
      (await comparing()).rankCandidates(grader),
    ),
    new ExplainedScores(studio, grader),
    activateLowGrades(studio, grader, cache),
    registerCommand(studio, 'rewardStudio.copyGrade', 'Copy Grade', (line: string) =>
      vscode.env.clipboard.writeText(line),
    ),
    registerCommand(studio, 'rewardStudio.clearGrades', 'Clear Kept Grades', () => {
      cache.clear();
      void vscode.window.showInformationMessage('No grades are kept any more.');
    }),
    registerCommand(studio, 'rewardStudio.useAsGrader', 'Use as Grader', async (given?: RunState | ListedGrader) => {
      const chosen = given === undefined ? await pickGrader(services, 'What grades?') : asListed(given);
      if (!chosen) return;
      if (chosen.source === 'run') requireTrust('Models kept in a workspace are loaded only when it is trusted.');
      await activeModel.use(chosen);
      // Loading it now shows a damaged model at once, not at the first hover.
      await activeModel.grader();
    }),
    registerCommand(studio, 'rewardStudio.exportGrader', 'Export Grader', async (given?: RunState) => {
      requireTrust('Models kept in a workspace are read only when it is trusted.');
      const state = given ?? (await pickRun(runs, 'Whose model to export?', isExportable));
      if (!state) return;
      const { exportRunAsGrader } = await import('./export-grader.ts');
      await exportRunAsGrader(studio, state);
    }),
  );
  return Object.assign(disposable, { rows: new AnswerGrading(grader, cache, gradesChanged.event) });
}

/** Loaded with the first list that is asked for. */
function activateLowGrades(
  studio: Studio,
  grader: () => Promise<Grader | undefined>,
  cache: GradeCache,
): vscode.Disposable {
  let listed: LowGrades | undefined;
  const lowGrades = async (): Promise<LowGrades> => {
    const { LowGrades } = await import('./low-grades.ts');
    listed ??= new LowGrades(grader, cache);
    return listed;
  };
  return vscode.Disposable.from(
    registerCommand(studio, 'rewardStudio.listLowGrades', 'List Low Grades as Problems', async () =>
      (await lowGrades()).list(),
    ),
    registerCommand(
      studio,
      'rewardStudio.listLowGradesOfFile',
      'List Low Grades as Problems',
      async (graded: StoredGrading) => (await lowGrades()).listGraded(graded),
    ),
    registerCommand(studio, 'rewardStudio.clearLowGrades', 'Clear Low Grades', () => listed?.clear()),
    new vscode.Disposable(() => listed?.dispose()),
  );
}

// Loaded when it is asked for.
const comparing = () => import('./compare-selections.ts');

const asListed = (given: RunState | ListedGrader): ListedGrader =>
  'source' in given ? given : { source: 'run', state: given };
