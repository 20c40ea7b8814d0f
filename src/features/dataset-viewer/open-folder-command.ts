/** "Open Folder as Dataset": the shards in a folder, or what `save_to_disk` wrote there, in one editor. */

import path from 'node:path';
import * as vscode from 'vscode';
import { savedSplits } from '../../core/datasets/readers/arrow-folder.ts';
import { VIEW_TYPE } from './dataset-editor.ts';

/** @param given the folder of a menu; asked for when absent */
export async function openFolderAsDataset(given?: vscode.Uri): Promise<void> {
  const folder = given ?? (await chooseFolder());
  if (!folder) return;
  const split = await chooseSplit(folder);
  if (split === undefined) return;
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.joinPath(folder, split), VIEW_TYPE);
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Open Folder as Dataset',
    openLabel: 'Open as Dataset',
    canSelectFolders: true,
    canSelectFiles: false,
    canSelectMany: false,
    ...(workspace && { defaultUri: workspace }),
  });
  return chosen?.[0];
}

/** The folder of a split, relative to what was chosen: `.` where it holds no splits; undefined when the person leaves. */
async function chooseSplit(folder: vscode.Uri): Promise<string | undefined> {
  // What cannot be read is told in the editor, as of every dataset.
  const splits = await savedSplits(folder.fsPath).catch(() => []);
  if (splits.length < 2) return '.';
  const title = `Splits of ${path.basename(folder.fsPath)}`;
  return vscode.window.showQuickPick([...splits], { title, placeHolder: 'Which split?' });
}
