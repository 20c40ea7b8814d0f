/** Measures a grader on a file in a process of its own: progress with cancel, then the report's path. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { RunState } from '../../core/runs/state.ts';
import { RunStore } from '../../core/runs/store.ts';
import type { TaskGrader } from '../../core/tasks/task-grader.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import type { Runs } from '../training/runs.ts';

/** @throws StudioError; 'cancelled' when the person cancels: then nothing is kept */
export async function evaluateRun(
  studio: Studio,
  runs: Runs,
  { spec, folder }: RunState,
  file: string,
): Promise<string> {
  const storeBase = RunStore.at(path.dirname(folder)).base;
  const grader = { kind: 'run', storeBase, runFolder: folder } as const;
  const report = await evaluateGrader(studio, { name: spec.name, grader, base: storeBase }, file);
  await runs.refresh();
  return report;
}

export interface NamedGrader {
  readonly name: string;
  readonly grader: TaskGrader;
  /** The folder of the workspace. */
  readonly base: string;
}

/** @throws StudioError; 'cancelled' when the person cancels: then nothing is kept */
export function evaluateGrader(studio: Studio, { name, grader, base }: NamedGrader, file: string): Thenable<string> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Evaluating ${name} on ${path.basename(file)}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    studio.log.info(`evaluating ${name} on ${file}`);
    let shown = 0;
    const { runtime } = studio;
    const done = await askDatasetTask(
      runtime,
      { kind: 'evaluate', grader, base, file, runtime },
      {
        signal: abortSignalOf(token),
        onProgress: (share, message) => {
          const percent = `${Math.round(share * 100)} %`;
          progress.report({
            increment: Math.max(0, share - shown) * 100,
            message: message === undefined ? percent : `${percent}, ${message}`,
          });
          shown = Math.max(shown, share);
        },
      },
    );
    studio.log.info(
      `evaluated ${name}: ${done.graded} of ${done.total} rows in ${done.tookSeconds.toFixed(1)} s, kept in ${done.file}`,
    );
    return done.file;
  });
}
