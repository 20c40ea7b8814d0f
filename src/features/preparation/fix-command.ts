/** Does the fix of a finding into a new file beside the dataset, and offers to open it. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import { findMethod } from '../../core/methods/method.ts';
import type { FixRequest } from '../../protocol/dataset-checks.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { percentIn } from './task-progress.ts';

export async function fixDataset(studio: Studio, uri: vscode.Uri, request: FixRequest): Promise<void> {
  const method = findMethod(request.method);
  if (!method) throw new StudioError('usage', `There is no method "${request.method}".`);
  const input = uri.fsPath;
  const task = {
    kind: 'fix',
    input,
    method: method.id,
    findingId: request.finding,
    inputs: request.inputs,
    output: freeName(input),
  } as const;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Fixing ${path.basename(input)} into a new file`,
    cancellable: true,
  };
  const report = await vscode.window.withProgress(options, (progress, token) =>
    askDatasetTask(studio.runtime, task, { signal: abortSignalOf(token), onProgress: percentIn(progress) }),
  );
  const open = 'Open';
  const message = `${path.basename(report.file)} has ${report.records} records. ${path.basename(input)} is as it was.`;
  const choice = await vscode.window.showInformationMessage(message, open);
  if (choice === open) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(report.file));
}

/** `pairs-fixed.parquet` beside `pairs.parquet`, or the first free `pairs-fixed-2.parquet`. */
function freeName(input: string): string {
  const stem = input.replace(/(\.[a-z]+)+$/i, '');
  for (let number = 1; ; number += 1) {
    const name = `${stem}-fixed${number === 1 ? '' : `-${number}`}.parquet`;
    if (!existsSync(name)) return name;
  }
}
