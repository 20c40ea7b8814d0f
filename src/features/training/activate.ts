/** The feature "training": its commands and its view. */

import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { isResumable } from '../../core/runs/resumable.ts';
import { stopRun } from '../../core/runs/start.ts';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import { RunFolder } from '../../core/runs/store.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import { importTrainingScript } from './import-script-command.ts';
import { launchTraining, tellOutcome } from './launch.ts';
import { resume } from './resume.ts';
import { stopGrace } from './run-settings.ts';
import type { Runs } from './runs.ts';
import { RunsTree } from './runs-tree.ts';
import { superviseRuns } from './supervision.ts';
import { askForTraining } from './train-command.ts';

export interface ActiveModel {
  /** Folder of the run whose model grades. */
  readonly folder: () => string | undefined;
  readonly onDidChange: vscode.Event<void>;
}

export function activateTraining(studio: Studio, runs: Runs, activeModel: ActiveModel): vscode.Disposable {
  const tree = new RunsTree(runs, activeModel.folder);
  return vscode.Disposable.from(
    tree,
    superviseRuns(studio, runs),
    activeModel.onDidChange(() => tree.refresh()),
    vscode.window.registerTreeDataProvider('rewardStudio.training', tree),
    registerCommand(studio, 'rewardStudio.train', 'Train Reward Model', (uri?: vscode.Uri) => train(studio, runs, uri)),
    registerCommand(studio, 'rewardStudio.importScript', 'Import Training Script', (uri?: vscode.Uri) => {
      requireTrust('Files are written in trusted workspaces only.');
      return importTrainingScript(uri instanceof vscode.Uri ? uri : undefined);
    }),
    registerCommand(studio, 'rewardStudio.refreshRuns', 'Refresh Runs', () => runs.refresh()),
    registerCommand(studio, 'rewardStudio.showLog', 'Show Extension Log', () => studio.log.show()),
    registerCommand(studio, 'rewardStudio.stopRun', 'Stop Run', (state?: RunState) => stop(runs, state)),
    registerCommand(studio, 'rewardStudio.resumeRun', 'Resume Run', async (given?: RunState) => {
      requireTrust('Trainings are started in trusted workspaces only.');
      const state = given ?? (await pickRun(runs, 'Which run to resume?', isResumable));
      if (state) await resume(studio, runs, state);
    }),
    registerCommand(studio, 'rewardStudio.showRunLog', 'Show Run Log', (state?: RunState) => showLog(runs, state)),
    registerCommand(studio, 'rewardStudio.openRunFolder', 'Open Run Folder', (state: RunState) =>
      vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(new RunFolder(state.folder).specFile)),
    ),
  );
}

async function train(studio: Studio, runs: Runs, uri?: vscode.Uri): Promise<void> {
  requireTrust('Trainings are started in trusted workspaces only.');
  const request = await askForTraining(studio, uri instanceof vscode.Uri ? uri : undefined);
  if (!request) return;
  const state = await launchTraining(studio, runs, request);
  if (state) void tellOutcome(state);
}

async function stop(runs: Runs, given?: RunState): Promise<void> {
  const state = given ?? (await pickRun(runs, 'Which run to stop?', (run) => ACTIVE_STATUSES.has(run.status)));
  const observer = state && runs.observerOf(state);
  if (!observer) return;
  const stopping = stopRun(observer, stopGrace());
  await runs.refresh();
  await stopping;
  await runs.refresh();
}

async function showLog(runs: Runs, given?: RunState): Promise<void> {
  const state = given ?? (await pickRun(runs, 'Whose log?', () => true));
  if (!state) return;
  const { logFile, eventsFile } = new RunFolder(state.folder);
  const exists = await access(logFile).then(
    () => true,
    () => false,
  );
  await vscode.window.showTextDocument(vscode.Uri.file(exists ? logFile : eventsFile), { preview: true });
}

/** Asks for one of the runs that qualify; undefined when the person leaves or there is none. */
export async function pickRun(
  runs: Runs,
  placeHolder: string,
  qualifies: (state: RunState) => boolean,
): Promise<RunState | undefined> {
  await runs.ready();
  const items = runs.states
    .filter(qualifies)
    .map((state) => ({ label: state.spec.name, description: `${state.status} · ${state.spec.id}`, state }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There is no such run in this workspace.');
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.state;
}
