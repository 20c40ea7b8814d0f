/** Whether a training can be started: Python is chosen, and what the engine needs is there; else the person decides. */

import path from 'node:path';
import * as vscode from 'vscode';
import { ENGINES } from '../../core/engines/known-engines.ts';
import { describeInOneLine, lookBeforeStart } from '../../core/runs/before-start.ts';
import { describeChecks } from '../../core/runs/describe-preflight.ts';
import type { Reports } from '../reports.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { keptSecrets } from '../tokens/kept-tokens.ts';
import type { TrainingRequest } from './run-files.ts';
import type { Runs } from './runs.ts';

const SET_UP = 'Set Up Python Environment';
const SHOW = 'Show Preflight';
const START = 'Start Anyway';

/** Asked before there is a run: one that cannot be started would only fail. */
export async function hasPython({ runtime }: Studio, { runFile }: TrainingRequest): Promise<boolean> {
  // Elsewhere it is the Python there that trains.
  if (runFile.engine !== 'trl' || runFile.target !== 'local' || runtime.python?.interpreter !== undefined) return true;
  const said = 'Training with PyTorch (TRL) needs Python with its packages, and none has been chosen yet.';
  return (await vscode.window.showWarningMessage(said, SET_UP)) === SET_UP && setUpPython();
}

/** Looks, and asks about what stands in the way; warnings are written to the log and stop nothing. */
export async function isClearToStart(
  studio: Studio,
  runs: Runs,
  reports: Reports,
  request: TrainingRequest,
): Promise<boolean> {
  if (ENGINES[request.runFile.engine]?.inspect === undefined) return true;
  const name = path.basename(request.dataset);
  for (;;) {
    const { checks, obstacles } = await look(studio, runs, request);
    for (const { what, severity, detail } of checks) {
      if (severity === 'warning') studio.log.warn(`${name}: ${what}: ${detail}`);
    }
    if (obstacles.length === 0) return true;
    const said = `Training from ${name} was not started. ${describeInOneLine(obstacles)}`;
    const setUp = obstacles.some(({ what }) => what === 'environment') ? [SET_UP] : [];
    let choice = await vscode.window.showErrorMessage(said, ...setUp, SHOW, START);
    if (choice === SHOW) {
      await reports.show(`Preflight of ${name}`, describeChecks(checks));
      choice = await vscode.window.showErrorMessage(said, ...setUp, START);
    }
    if (choice === START) return true;
    if (choice !== SET_UP || !(await setUpPython())) return false;
  }
}

function look({ runtime, context }: Studio, runs: Runs, { runFile, baseFolder, dataset }: TrainingRequest) {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Training from ${path.basename(dataset)}: looking at what it needs`,
      cancellable: true,
    },
    (_progress, token) =>
      lookBeforeStart(runFile, {
        baseFolder,
        store: runs.storeFor(dataset),
        runtime,
        secrets: keptSecrets(context.secrets),
        signal: abortSignalOf(token),
      }),
  );
}

const setUpPython = async (): Promise<boolean> =>
  (await vscode.commands.executeCommand('rewardStudio.setUpPython')) !== undefined;
