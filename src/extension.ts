/** Activation only: builds what the features share and hands it to them. */

import path from 'node:path';
import * as vscode from 'vscode';
import { activateAgentTools } from './features/agent-tools/activate.ts';
import { activateDatasetViewer } from './features/dataset-viewer/activate.ts';
import { activateEvaluation } from './features/evaluation/activate.ts';
import { activateGrading } from './features/grading/activate.ts';
import { ActiveModel } from './features/grading/active-model.ts';
import { GraderKeys } from './features/grading/grader-keys.ts';
import { RegisteredGraders } from './features/grading/registered-graders.ts';
import { activatePreparation } from './features/preparation/activate.ts';
import { activatePython } from './features/python/activate.ts';
import { PythonChoice } from './features/python/python-choice.ts';
import { Reports } from './features/reports.ts';
import { activateRunPanel } from './features/run-panel/activate.ts';
import type { Studio } from './features/studio.ts';
import { activateTargets } from './features/targets/activate.ts';
import { activateTokens } from './features/tokens/activate.ts';
import { activateTraining } from './features/training/activate.ts';
import { Runs } from './features/training/runs.ts';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Reward Studio', { log: true });
  const python = new PythonChoice(context);
  const program = {
    nodePath: process.execPath,
    workersFolder: path.join(context.extensionPath, 'dist', 'workers'),
    version: String(context.extension.packageJSON.version),
  };
  const studio: Studio = {
    context,
    log,
    /** With the Python that is chosen now. */
    get runtime() {
      return { ...program, python: python.runtime };
    },
  };
  const runs = new Runs(studio);
  const reports = new Reports();
  const registered = new RegisteredGraders();
  const keys = new GraderKeys(context.secrets);
  const activeModel = new ActiveModel(studio, runs, registered, keys);
  const grading = activateGrading(studio, { runs, activeModel, registered, keys });
  context.subscriptions.push(
    log,
    runs,
    registered,
    activeModel,
    reports,
    activateTraining(studio, runs, reports, {
      folder: () => activeModel.folder(),
      onDidChange: activeModel.onDidChange,
    }),
    grading,
    activateEvaluation(studio, runs),
    activateRunPanel(studio, runs),
    activatePreparation(studio),
    activatePython(studio, python, reports),
    activateDatasetViewer(studio, grading.rows),
    activateTokens(studio),
    activateTargets(studio),
    activateAgentTools(studio),
  );
}
