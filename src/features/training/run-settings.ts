/** What the settings say about running trainings. */

import * as vscode from 'vscode';
import type { Secrets } from '../../core/runs/launch-attempt.ts';
import { DEFAULT_MAX_CONCURRENT, type LaunchOptions } from '../../core/runs/queue.ts';
import { DEFAULT_STOP_GRACE, type StopGrace } from '../../core/targets/target.ts';
import { HUB_TOKEN_SECRET, type Studio } from '../studio.ts';

const numberSetting = (name: string, otherwise: number): number =>
  vscode.workspace.getConfiguration('rewardStudio').get<number>(name, otherwise);

export const stopGrace = (): StopGrace => ({
  checkpointMs: numberSetting('runs.checkpointGraceSeconds', DEFAULT_STOP_GRACE.checkpointMs / 1000) * 1000,
  signalMs: numberSetting('runs.stopGraceSeconds', DEFAULT_STOP_GRACE.signalMs / 1000) * 1000,
});

/** Variables of a trainer's environment -> what VS Code keeps them as, encrypted. */
const KEPT_SECRETS: Readonly<Record<string, string>> = { HF_TOKEN: HUB_TOKEN_SECRET };

/** Those that are kept; a variable of VS Code's own environment is inherited as it is. */
const secretsOf =
  ({ context }: Studio): Secrets =>
  async (names) => {
    const kept = await Promise.all(
      names.map(async (name) => [name, KEPT_SECRETS[name] && (await context.secrets.get(KEPT_SECRETS[name]))] as const),
    );
    return Object.fromEntries(kept.flatMap(([name, value]) => (value ? [[name, value]] : [])));
  };

export const launchOptions = (studio: Studio): LaunchOptions => ({
  secrets: secretsOf(studio),
  maxConcurrent: numberSetting('runs.maxConcurrent', DEFAULT_MAX_CONCURRENT),
});
