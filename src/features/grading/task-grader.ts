/** A grader of the list, as a task in a process of its own is told it. */

import path from 'node:path';
import * as vscode from 'vscode';
import { RunStore } from '../../core/runs/store.ts';
import type { TaskGrader } from '../../core/tasks/task-grader.ts';
import type { GraderKeys } from './grader-keys.ts';
import type { ListedGrader } from './listed-grader.ts';

export async function taskGrader(grader: ListedGrader, keys: GraderKeys): Promise<TaskGrader> {
  if (grader.source === 'run') {
    const { folder } = grader.state;
    return { kind: 'run', storeBase: RunStore.at(path.dirname(folder)).base, runFolder: folder };
  }
  const { entry, folder } = grader;
  const key =
    'url' in entry && entry.key !== undefined ? await keys.get(entry.key, new URL(entry.url).origin) : undefined;
  return { kind: 'entry', entry, folder, key };
}

/** The folder of the workspace that the file is in, else the first. */
export function baseOf(file: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.fsPath ?? path.dirname(file);
}
