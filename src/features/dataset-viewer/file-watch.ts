/** Tells whether a file, or a folder of shards, is still the one that was opened: by sizes and times, whoever changed it. */

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { kindOf } from '../../core/datasets/shards.ts';
import type { FileState } from '../../protocol/dataset-viewer.ts';

/** Writers touch a file many times in a row; one look after the last touch is enough. */
const SETTLE_MS = 250;

export class FileWatch implements vscode.Disposable {
  readonly #uri: vscode.Uri;
  readonly #onDidChange: (state: FileState) => void;
  readonly #watchers: vscode.FileSystemWatcher[] = [];
  #opened: Promise<string | undefined>;
  #timer: NodeJS.Timeout | undefined;
  #state: FileState = 'as-opened';
  #disposed = false;

  constructor(uri: vscode.Uri, onDidChange: (state: FileState) => void) {
    this.#uri = uri;
    this.#onDidChange = onDidChange;
    this.#opened = versionOf(uri);
    // The whole folder, not the name as a pattern: names may hold what a glob would not take literally.
    this.#watchFilesIn(vscode.Uri.joinPath(uri, '..'));
    void isFolder(uri.fsPath).then((folder) => folder && !this.#disposed && this.#watchFilesIn(uri));
  }

  get state(): FileState {
    return this.#state;
  }

  async check(): Promise<void> {
    const opened = this.#opened;
    const [before, now] = await Promise.all([opened, versionOf(this.#uri)]);
    if (opened !== this.#opened) return;
    const state = now === before ? 'as-opened' : now === undefined ? 'gone' : 'changed';
    if (state === this.#state) return;
    this.#state = state;
    this.#onDidChange(state);
  }

  /** From now on the file as it is counts as the one opened. */
  renew(): void {
    this.#opened = versionOf(this.#uri);
    this.#state = 'as-opened';
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.dispose();
  }

  #watchFilesIn(folder: vscode.Uri): void {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
    const own = this.#uri.fsPath;
    const touched = ({ fsPath }: vscode.Uri) => {
      if (fsPath !== own && path.dirname(fsPath) !== own) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.check(), SETTLE_MS);
    };
    watcher.onDidChange(touched);
    watcher.onDidCreate(touched);
    watcher.onDidDelete(touched);
    this.#watchers.push(watcher);
  }
}

async function isFolder(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isDirectory() === true;
}

async function versionOf({ fsPath }: vscode.Uri): Promise<string | undefined> {
  try {
    if (!(await isFolder(fsPath))) return await versionOfFile(fsPath);
    const shards = (await readdir(fsPath)).filter((name) => kindOf(name) !== undefined).sort();
    const versions = await Promise.all(shards.map((name) => versionOfFile(path.join(fsPath, name)).catch(() => '')));
    return shards.map((name, index) => `${name} ${versions[index]}`).join('\n');
  } catch {
    return undefined;
  }
}

async function versionOfFile(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${size} ${mtimeMs}`;
}
