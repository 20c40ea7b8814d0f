/** The feature "training": its commands and its views. */

import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import { RunFolder, RunStore } from '../../core/runs/store.ts';
import type { Reports } from '../reports.ts';
import { registerCommand, requireTrust, type Studio } from '../studio.ts';
import { ActiveRunsStatus, mayHaveActiveRuns } from './active-runs-status.ts';
import { DatasetsTree } from './datasets-tree.ts';
import { deleteRun } from './delete-run.ts';
import { RunFileDiagnostics } from './run-file-diagnostics.ts';
import { RunFileLenses } from './run-file-lenses.ts';
import type { TrainingRequest } from './run-files.ts';
import type { Runs } from './runs.ts';
import { RunsTree } from './runs-tree.ts';
import { superviseRuns } from './supervision.ts';

export interface ActiveModel {
  /** Folder of the run whose model grades. */
  readonly folder: () => string | undefined;
  readonly onDidChange: vscode.Event<void>;
}

// Loaded when it is asked for: a window that opens trains nothing.
const runFiles = () => import('./run-files.ts');

const TRAINED_WHEN_TRUSTED = 'Trainings are started in trusted workspaces only.';
const WRITTEN_WHEN_TRUSTED = 'Files are written in trusted workspaces only.';

export function activateTraining(
  studio: Studio,
  runs: Runs,
  reports: Reports,
  activeModel: ActiveModel,
): vscode.Disposable {
  const tree = new RunsTree(runs, activeModel.folder);
  void followRunsOfBefore(runs);
  return vscode.Disposable.from(
    tree,
    superviseRuns(studio, runs),
    new DatasetsTree(),
    new ActiveRunsStatus(runs),
    new RunFileLenses(runs),
    new RunFileDiagnostics(),
    activeModel.onDidChange(() => void tree.update({ reread: true })),
    registerCommand(studio, 'rewardStudio.train', 'Train Reward Model', (uri?: vscode.Uri) =>
      trainFromDataset(studio, runs, reports, uri),
    ),
    registerCommand(studio, 'rewardStudio.trainFile', 'Train from Run File', async (uri?: vscode.Uri) => {
      requireTrust(TRAINED_WHEN_TRUSTED);
      await launch(studio, runs, reports, await (await runFiles()).readRunFile(uri));
    }),
    registerCommand(studio, 'rewardStudio.preflight', 'Preflight', async (uri?: vscode.Uri) => {
      requireTrust('The data that a run file names are read in trusted workspaces only.');
      await (await runFiles()).showPreflight(studio, runs, reports, uri);
    }),
    registerCommand(studio, 'rewardStudio.trainAgain', 'Train Again', async (given?: RunState) => {
      requireTrust(TRAINED_WHEN_TRUSTED);
      const state = given ?? (await pickRun(runs, 'Which run to train again?', isOurs));
      if (state) await launch(studio, runs, reports, (await runFiles()).requestOf(state));
    }),
    registerCommand(studio, 'rewardStudio.trainWithChanges', 'Train with Changes', async (given?: RunState) => {
      requireTrust(WRITTEN_WHEN_TRUSTED);
      const state = given ?? (await pickRun(runs, 'Which run to change?', isOurs));
      if (state) await openRunFile((await runFiles()).requestOf(state));
    }),
    registerCommand(studio, 'rewardStudio.importRun', 'Import Run', async (uri?: vscode.Uri) => {
      requireTrust(WRITTEN_WHEN_TRUSTED);
      const { importForeignRun } = await import('./import-run-command.ts');
      const folder = await importForeignRun(studio, runs, uri instanceof vscode.Uri ? uri : undefined);
      if (folder !== undefined) await tree.reveal(folder);
    }),
    registerCommand(studio, 'rewardStudio.importScript', 'Import Training Script', async (uri?: vscode.Uri) => {
      requireTrust(WRITTEN_WHEN_TRUSTED);
      const { importTrainingScript } = await import('./import-script-command.ts');
      return importTrainingScript(uri instanceof vscode.Uri ? uri : undefined);
    }),
    registerCommand(studio, 'rewardStudio.deleteRun', 'Delete Run', async (given?: RunState) => {
      requireTrust('Runs are deleted in trusted workspaces only.');
      const ended = ({ status }: RunState) => !ACTIVE_STATUSES.has(status);
      const state = given ?? (await pickRun(runs, 'Which run to delete?', ended));
      if (state && (await deleteRun(state))) await runs.refresh();
    }),
    registerCommand(studio, 'rewardStudio.filterRuns', 'Filter Runs', () => filterRuns(tree)),
    registerCommand(studio, 'rewardStudio.clearRunFilter', 'Clear Filter', () => tree.filter('')),
    registerCommand(studio, 'rewardStudio.revealRun', 'Show Run', (state: RunState) => tree.reveal(state.folder)),
    registerCommand(studio, 'rewardStudio.refreshRuns', 'Refresh Runs', () => runs.refresh()),
    registerCommand(studio, 'rewardStudio.showLog', 'Show Extension Log', () => studio.log.show()),
    registerCommand(studio, 'rewardStudio.stopRun', 'Stop Run', (state?: RunState) => stop(runs, state)),
    registerCommand(studio, 'rewardStudio.resumeRun', 'Resume Run', async (given?: RunState) => {
      requireTrust('Trainings are started in trusted workspaces only.');
      const { isResumable } = await import('../../core/runs/resumable.ts');
      const state = given ?? (await pickRun(runs, 'Which run to resume?', isResumable));
      if (state) await (await import('./resume.ts')).resume(studio, runs, state);
    }),
    registerCommand(studio, 'rewardStudio.showRunLog', 'Show Run Log', (state?: RunState) => showLog(runs, state)),
    registerCommand(studio, 'rewardStudio.openRunFolder', 'Open Run Folder', (state: RunState) =>
      vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(new RunFolder(state.folder).specFile)),
    ),
  );
}

/** Runs that were started by an earlier window are followed at once; where there are none, nothing is read. */
async function followRunsOfBefore(runs: Runs): Promise<void> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme !== 'file' || !(await mayHaveActiveRuns(new RunStore(uri.fsPath)))) continue;
    await runs.ready();
    return;
  }
}

async function trainFromDataset(studio: Studio, runs: Runs, reports: Reports, uri?: vscode.Uri): Promise<void> {
  requireTrust(TRAINED_WHEN_TRUSTED);
  const { askForTraining } = await import('./train-command.ts');
  const asked = await askForTraining(studio, runs, uri instanceof vscode.Uri ? uri : undefined);
  if (!asked) return;
  if (asked.next === 'open') await openRunFile(asked);
  else await launch(studio, runs, reports, await (await runFiles()).saveRunFile(asked.runFile));
}

/** Written first: a run file that is edited is one that git can keep. */
async function openRunFile({ runFile }: Pick<TrainingRequest, 'runFile'>): Promise<void> {
  const { runFilePath } = await (await runFiles()).saveRunFile(runFile);
  await vscode.window.showTextDocument(vscode.Uri.file(runFilePath), { preview: false });
}

async function launch(studio: Studio, runs: Runs, reports: Reports, request: TrainingRequest): Promise<void> {
  const { launchTraining, tellOutcome } = await import('./launch.ts');
  const state = await launchTraining(studio, runs, reports, request);
  if (state) void tellOutcome(state);
}

const isOurs = ({ spec }: RunState): boolean => spec.imported === undefined;

async function filterRuns(tree: RunsTree): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: 'Filter Runs',
    prompt: 'Words of the name, experiment, state, method, engine, target, base model or data',
    value: tree.currentFilter,
  });
  if (text !== undefined) await tree.filter(text);
}

async function stop(runs: Runs, given?: RunState): Promise<void> {
  const state = given ?? (await pickRun(runs, 'Which run to stop?', (run) => ACTIVE_STATUSES.has(run.status)));
  const observer = state && runs.observerOf(state);
  if (!observer) return;
  const [{ stopRun }, { stopGrace }] = await Promise.all([
    import('../../core/runs/start.ts'),
    import('./run-settings.ts'),
  ]);
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
