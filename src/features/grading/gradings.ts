/** Whole files that are graded: the commands and the view "Grades". */

import * as vscode from 'vscode';
import type { StoredGrading } from '../../core/gradings/grading-store.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import type { GraderServices } from './graders-view.ts';
import { GradesTree, removeGrading } from './grades-tree.ts';
import { activateSummaries, showSummary } from './grading-summaries.ts';

const TRUSTED = 'Files are graded in trusted workspaces only.';

export function activateGradings(studio: Studio, services: GraderServices): vscode.Disposable {
  const tree = new GradesTree();
  const refreshed = async <T>(work: Promise<T>): Promise<T> => work.finally(() => tree.refresh());
  return vscode.Disposable.from(
    tree,
    activateSummaries(),
    vscode.window.registerTreeDataProvider('rewardStudio.grades', tree),
    registerCommand(studio, 'rewardStudio.gradeFile', 'Grade This File', async (uri?: vscode.Uri) => {
      requireTrust(TRUSTED);
      await refreshed((await grading()).gradeThisFile(studio, services, fileOf(uri)));
    }),
    registerCommand(studio, 'rewardStudio.resumeGrading', 'Resume Grading', async (stored: StoredGrading) => {
      requireTrust(TRUSTED);
      await refreshed((await grading()).resumeGrading(studio, services, stored.spec));
    }),
    registerCommand(studio, 'rewardStudio.showGrading', 'Show Summary', ({ folder }: StoredGrading) =>
      showSummary(folder),
    ),
    registerCommand(studio, 'rewardStudio.removeGrading', 'Remove Grading', async (stored: StoredGrading) => {
      requireTrust(TRUSTED);
      await refreshed(removeGrading(stored));
    }),
  );
}

// Loaded when it is asked for.
const grading = () => import('./grade-file.ts');

/** Of a menu, or the dataset in front where the palette names none. */
function fileOf(given: vscode.Uri | undefined): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    given ?? (input instanceof vscode.TabInputCustom && /dataset/i.test(input.viewType) ? input.uri : undefined);
  return uri?.scheme === 'file' ? uri.fsPath : undefined;
}
