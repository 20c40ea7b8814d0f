/** Starts a run and stays with it: progress with cancel, then the result in words. */

import path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import { describeEvaluation } from '../../core/methods/describe-evaluation.ts';
import type { RunDraft } from '../../core/runs/prepare.ts';
import { startRun, stopRun } from '../../core/runs/start.ts';
import { ACTIVE_STATUSES, progressOf, type RunState } from '../../core/runs/state.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import type { Reports } from '../reports.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { hasPython, isClearToStart } from './before-start.ts';
import type { TrainingRequest } from './run-files.ts';
import { launchOptions, stopGrace } from './run-settings.ts';
import { describeState } from './run-tree-items.ts';
import type { Runs } from './runs.ts';

/** Runs a training to its end and returns its final state; the run goes on if this window is closed. */
export async function launchTraining(
  studio: Studio,
  runs: Runs,
  reports: Reports,
  request: TrainingRequest,
): Promise<RunState | undefined> {
  if (!(await hasPython(studio, request))) return undefined;
  const { runFilePath: run_file } = request;
  const title = `Training from ${path.basename(request.dataset)}`;
  const draft = await prepare(studio, request, title);
  if (!(await isClearToStart(studio, runs, reports, request))) return undefined;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    if (request.fingerprint !== undefined && draft.data.train.fingerprint !== request.fingerprint) {
      const file = path.basename(request.dataset);
      void vscode.window.showWarningMessage(`${file} has changed since that run: this one is trained on other rows.`);
    }
    const started = await startRun(
      runs.storeFor(request.dataset),
      { ...draft, ...(run_file && { run_file }) },
      studio.runtime,
      launchOptions(studio),
    );
    studio.log.info(
      `run ${started.spec.id}: ${started.pid === undefined ? 'queued' : `process ${started.pid}`}, folder ${started.folder.path}`,
    );
    runs.followed.add(started.folder.path);
    await runs.refresh();
    await vscode.commands.executeCommand('rewardStudio.openRun', started.folder.path);
    await followRun(studio, runs, started.folder.path, progress, token);
    // How the process ended is known only now; a failure is told with it.
    await started.ended;
    const state = await runs.observe(started.folder.path);
    await runs.refresh();
    return state;
  });
}

function prepare({ runtime }: Studio, { runFile, baseFolder }: TrainingRequest, title: string): Thenable<RunDraft> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `${title}: reading the dataset`,
      cancellable: true,
    },
    (_progress, token) =>
      askDatasetTask(
        runtime,
        { kind: 'prepare-run', runFile, baseFolder, version: runtime.version },
        { signal: abortSignalOf(token) },
      ),
  );
}

async function followRun(
  studio: Studio,
  runs: Runs,
  folder: string,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<void> {
  let shown = 0;
  for (;;) {
    const state = runs.states.find((candidate) => candidate.folder === folder);
    if (!state || !ACTIVE_STATUSES.has(state.status)) return;
    const share = (progressOf(state) ?? 0) * 100;
    progress.report({ message: describeState(state), increment: Math.max(0, share - shown) });
    shown = Math.max(shown, share);
    const observer = runs.observerOf(state);
    if (token.isCancellationRequested && observer && state.status !== 'stopping') {
      await stopRun(observer, stopGrace());
      await runs.refresh();
      studio.log.info(`run ${state.spec.id}: stopped on request`);
      continue;
    }
    await nextChange(runs, token);
  }
}

function nextChange(runs: Runs, token: vscode.CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const subscriptions = [runs.onDidChange(done), token.onCancellationRequested(done)];
    function done() {
      for (const subscription of subscriptions) subscription.dispose();
      resolve();
    }
  });
}

/** The result as one sentence with its n, interval and baselines; a failure with its reason. */
export async function tellOutcome(state: RunState): Promise<void> {
  const { name } = state.spec;
  const showLog = 'Show Run Log';
  if (state.status === 'finished') {
    const evaluation = state.fold.result?.evaluation;
    const said = evaluation ? describeEvaluation(evaluation)[0] : 'there were no validation rows';
    const use = 'Use as Grader';
    const choice = await vscode.window.showInformationMessage(`Trained ${name}. Validation: ${said}.`, use, showLog);
    if (choice === use) await vscode.commands.executeCommand('rewardStudio.useAsGrader', state);
    if (choice === showLog) await vscode.commands.executeCommand('rewardStudio.showRunLog', state);
    return;
  }
  if (state.status === 'stopped') {
    void vscode.window.showInformationMessage(`Stopped ${name}.`);
    return;
  }
  const reason = state.failure ? describeError(state.failure) : `it is ${state.status}`;
  const choice = await vscode.window.showErrorMessage(`Training ${name} failed: ${reason}`, showLog);
  if (choice === showLog) await vscode.commands.executeCommand('rewardStudio.showRunLog', state);
}
