/** What the settings say about running trainings. */

import * as vscode from 'vscode';
import { DEFAULT_MAX_CONCURRENT, type LaunchOptions } from '../../core/runs/queue.ts';
import { DEFAULT_STOP_GRACE, type StopGrace } from '../../core/targets/target.ts';
import type { Studio } from '../studio.ts';
import { keptSecrets } from '../tokens/kept-tokens.ts';

const numberSetting = (name: string, otherwise: number): number =>
  vscode.workspace.getConfiguration('rewardStudio').get<number>(name, otherwise);

export const stopGrace = (): StopGrace => ({
  checkpointMs: numberSetting('runs.checkpointGraceSeconds', DEFAULT_STOP_GRACE.checkpointMs / 1000) * 1000,
  signalMs: numberSetting('runs.stopGraceSeconds', DEFAULT_STOP_GRACE.signalMs / 1000) * 1000,
});

export const launchOptions = (studio: Studio): LaunchOptions => ({
  secrets: keptSecrets(studio.context.secrets),
  maxConcurrent: numberSetting('runs.maxConcurrent', DEFAULT_MAX_CONCURRENT),
});
