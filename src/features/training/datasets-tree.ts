/** The view "Datasets": the files of the workspace that hold rows, with how many where a file says so at once. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { kindOf } from '../../core/datasets/shards.ts';
import { statedRowCount } from '../../core/datasets/stated-row-count.ts';
import { formatBytes } from '../../core/sizes.ts';
import { DATASET_PATTERN, datasetIcon, findDatasets, folderOf, MOST_FILES } from './find-datasets.ts';

/** Files after these are listed without a number of rows. */
const MOST_COUNTED = 100;
/** Writers make several changes at once. */
const SETTLED_MS = 300;

interface DatasetFile {
  readonly path: string;
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
}

export class DatasetsTree implements vscode.TreeDataProvider<DatasetFile>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<DatasetFile>;
  readonly #disposables: vscode.Disposable[];
  #watcher: vscode.FileSystemWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    this.#view = vscode.window.createTreeView<DatasetFile>('rewardStudio.datasets', { treeDataProvider: this });
    this.#disposables = [
      this.#view,
      this.#changed,
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#refresh()),
    ];
  }

  async getChildren(parent?: DatasetFile): Promise<DatasetFile[]> {
    if (parent) return [];
    this.#watch();
    const files = await findDatasets();
    this.#view.message = files.length === MOST_FILES ? `The first ${MOST_FILES} files found.` : '';
    return Promise.all(files.map((file, index) => describe(file, index < MOST_COUNTED)));
  }

  getTreeItem({ path: file, rows, bytes }: DatasetFile): vscode.TreeItem {
    const item = new vscode.TreeItem(path.basename(file));
    item.id = file;
    item.resourceUri = vscode.Uri.file(file);
    item.iconPath = datasetIcon(file);
    const size = rows === undefined ? bytes && formatBytes(bytes) : `${rows.toLocaleString('en')} rows`;
    item.description = [folderOf(file), size].filter(Boolean).join(' · ');
    item.tooltip = file;
    item.contextValue = 'dataset';
    item.command = { command: 'vscode.openWith', title: 'Open', arguments: [item.resourceUri, editorOf(file)] };
    item.accessibilityInformation = { label: `${path.basename(file)}, ${item.description}` };
    return item;
  }

  dispose(): void {
    clearTimeout(this.#settling);
    this.#watcher?.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Only from when the view has been seen for the first time. */
  #watch(): void {
    if (this.#watcher) return;
    this.#watcher = vscode.workspace.createFileSystemWatcher(DATASET_PATTERN);
    this.#watcher.onDidCreate(() => this.#refresh());
    this.#watcher.onDidDelete(() => this.#refresh());
  }

  #refresh(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#changed.fire(undefined), SETTLED_MS);
  }
}

async function describe(file: string, count: boolean): Promise<DatasetFile> {
  const found = await stat(file).catch(() => undefined);
  return { path: file, bytes: found?.size, rows: count ? await statedRowCount(file) : undefined };
}

function editorOf(file: string): string {
  const kind = kindOf(file);
  return kind === 'parquet' || kind === 'arrow' ? 'rewardStudio.dataset' : 'rewardStudio.textDataset';
}
