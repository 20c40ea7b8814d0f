/** "Resume Run": goes on from the newest checkpoint, now or when the target is free. */

import path from 'node:path';
import * as vscode from 'vscode';
import { resumeRun } from '../../core/runs/start.ts';
import type { RunState } from '../../core/runs/state.ts';
import { RunFolder, RunStore } from '../../core/runs/store.ts';
import type { Studio } from '../studio.ts';
import { tellOutcome } from './launch.ts';
import { launchOptions } from './run-settings.ts';
import type { Runs } from './runs.ts';

export async function resume(studio: Studio, runs: Runs, { folder, spec }: RunState): Promise<void> {
  const store = RunStore.at(path.dirname(folder));
  const started = await resumeRun(
    store,
    { folder: new RunFolder(folder), spec },
    studio.runtime,
    launchOptions(studio),
  );
  runs.followed.add(folder);
  await runs.refresh();
  if (started.pid === undefined) {
    void vscode.window.showInformationMessage(`${spec.name} goes on when the trainings before it have ended.`);
  }
  await started.ended;
  const state = await runs.observe(folder);
  await runs.refresh();
  if (state) void tellOutcome(state);
}
