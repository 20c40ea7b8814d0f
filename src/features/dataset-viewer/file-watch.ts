/** Tells whether a file on disk is still the one that was opened: by its size and time, whoever changed it. */

import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { FileState } from '../../protocol/dataset-viewer.ts';

/** Writers touch a file many times in a row; one look after the last touch is enough. */
const SETTLE_MS = 250;

export class FileWatch implements vscode.Disposable {
  readonly #uri: vscode.Uri;
  readonly #onDidChange: (state: FileState) => void;
  readonly #watcher: vscode.FileSystemWatcher;
  #opened: Promise<string | undefined>;
  #timer: NodeJS.Timeout | undefined;
  #state: FileState = 'as-opened';

  constructor(uri: vscode.Uri, onDidChange: (state: FileState) => void) {
    this.#uri = uri;
    this.#onDidChange = onDidChange;
    this.#opened = versionOf(uri);
    // The whole folder, not the name as a pattern: names may hold what a glob would not take literally.
    this.#watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
    );
    const touched = (other: vscode.Uri) => {
      if (other.fsPath !== uri.fsPath) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.check(), SETTLE_MS);
    };
    this.#watcher.onDidChange(touched);
    this.#watcher.onDidCreate(touched);
    this.#watcher.onDidDelete(touched);
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
    clearTimeout(this.#timer);
    this.#watcher.dispose();
  }
}

async function versionOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(uri.fsPath);
    return `${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}
