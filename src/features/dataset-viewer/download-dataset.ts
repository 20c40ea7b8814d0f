/** Downloads a remote dataset: the person says where to, progress and cancel in a notification, then the copy opens. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { DownloadProgress } from '../../protocol/dataset-remote.ts';
import { abortSignalOf } from '../studio.ts';
import type { DatasetDocument } from './dataset-document.ts';
import { VIEW_TYPE } from './dataset-editor.ts';

export async function downloadDataset(document: DatasetDocument): Promise<void> {
  const names = await document.ask((reader) => reader.fileNames());
  if (!names.ok) {
    void vscode.window.showErrorMessage(`Not downloaded: ${names.fault.message}`);
    return;
  }
  const target = await chooseTarget(names.value);
  if (!target) return;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Downloading ${path.basename(target.open.fsPath)}`,
    cancellable: true,
  };
  const done = await vscode.window.withProgress(options, (progress, token) =>
    document.ask((reader) => reader.download(target.files, abortSignalOf(token), progressIn(progress))),
  );
  if (done.ok) await vscode.commands.executeCommand('vscode.openWith', target.open, VIEW_TYPE);
  else if (!done.fault.cancelled) void vscode.window.showErrorMessage(`Not downloaded: ${done.fault.message}`);
}

interface Target {
  readonly files: readonly string[];
  /** What is opened in the end: the file, or the folder of several. */
  readonly open: vscode.Uri;
}

async function chooseTarget(names: readonly string[]): Promise<Target | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [only] = names;
  if (only !== undefined && names.length === 1) {
    const file = await vscode.window.showSaveDialog({
      title: 'Download To',
      saveLabel: 'Download',
      filters: { Parquet: ['parquet', 'parq', 'pq'] },
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder, only) }),
    });
    return file && { files: [file.fsPath], open: file };
  }
  const chosen = await vscode.window.showOpenDialog({
    title: `Download ${names.length} Files To`,
    openLabel: 'Download Here',
    canSelectFolders: true,
    canSelectFiles: false,
    ...(folder && { defaultUri: folder }),
  });
  const [into] = chosen ?? [];
  return into && { files: names.map((name) => path.join(into.fsPath, name)), open: into };
}

type Shown = vscode.Progress<{ readonly message?: string; readonly increment?: number }>;

function progressIn(shown: Shown): (progress: DownloadProgress) => void {
  let percent = 0;
  return ({ bytes, total, file, files }) => {
    const now = total === null ? percent : (100 * (file - 1 + bytes / total)) / files;
    const size = total === null ? megabytes(bytes) : `${megabytes(bytes)} of ${megabytes(total)}`;
    shown.report({ message: files === 1 ? size : `file ${file} of ${files}, ${size}`, increment: now - percent });
    percent = now;
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;

/** What reads every row needs a copy on this machine. */
export async function offerDownload(document: DatasetDocument): Promise<void> {
  const download = 'Download…';
  const message = 'This needs every row, and the rows are on another machine. It works on a copy.';
  if ((await vscode.window.showInformationMessage(message, download)) === download) await downloadDataset(document);
}
