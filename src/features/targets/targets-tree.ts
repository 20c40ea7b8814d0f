/** The view "Targets": where trainings can run besides this machine, and what was seen there when somebody last looked. */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import type { TargetSetup } from '../../core/targets/remote/remote-target.ts';

export interface ListedTarget {
  readonly name: string;
  readonly setup: TargetSetup;
  /** The folder of the workspace whose list has it. */
  readonly base: string;
}

/** What a look came to. */
export type Seen = { readonly about: string; readonly canTrain: boolean } | { readonly failure: string };

type Listed = ListedTarget | { readonly problem: string };

export class TargetsTree implements vscode.TreeDataProvider<Listed>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #seen = new Map<string, Seen>();
  readonly #registration: vscode.Disposable;
  #watcher: vscode.FileSystemWatcher | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    this.#registration = vscode.window.registerTreeDataProvider('rewardStudio.targets', this);
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  /** Shown until the window is closed. */
  showSeen({ name }: ListedTarget, seen: Seen): void {
    this.#seen.set(name, seen);
    this.refresh();
  }

  getChildren(parent?: Listed): Promise<Listed[]> {
    this.#watch();
    return parent ? Promise.resolve([]) : listedTargets();
  }

  getTreeItem(listed: Listed): vscode.TreeItem {
    if ('problem' in listed) {
      const item = new vscode.TreeItem(listed.problem);
      item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
      item.tooltip = listed.problem;
      return item;
    }
    const { name, setup } = listed;
    const seen = this.#seen.get(name);
    const failed = seen !== undefined && 'failure' in seen;
    const item = new vscode.TreeItem(name.replace(/^ssh:/, ''));
    item.id = name;
    item.iconPath = failed
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'))
      : new vscode.ThemeIcon('remote');
    item.description = seen === undefined ? 'not looked at yet' : failed ? 'not reached' : seen.about;
    item.tooltip = [
      name,
      `Python there: ${setup.python ?? 'python3'}`,
      `Folder there: ${setup.folder ?? '~/.reward-studio'}`,
      seen === undefined ? 'Click: look what it has.' : failed ? seen.failure : seen.about,
    ].join('\n');
    item.contextValue = 'target';
    item.command = { command: 'rewardStudio.lookAtTarget', title: 'Look at Target', arguments: [listed] };
    item.accessibilityInformation = { label: `${name}, ${item.description}` };
    return item;
  }

  dispose(): void {
    this.#watcher?.dispose();
    this.#registration.dispose();
    this.#changed.dispose();
  }

  /** Only from when the view has been seen for the first time. */
  #watch(): void {
    if (this.#watcher) return;
    this.#watcher = vscode.workspace.createFileSystemWatcher('**/.reward-studio/targets.json');
    const refresh = () => this.refresh();
    this.#watcher.onDidChange(refresh);
    this.#watcher.onDidCreate(refresh);
    this.#watcher.onDidDelete(refresh);
  }
}

/** Those of all folders of the workspace; a list that cannot be read is told. An untrusted workspace names none. */
export async function listedTargets(): Promise<Listed[]> {
  if (!vscode.workspace.isTrusted) return [];
  const { readTargets } = await import('../../core/targets/remote/targets-file.ts');
  const lists = (vscode.workspace.workspaceFolders ?? []).map(async ({ uri: { fsPath: base } }): Promise<Listed[]> => {
    try {
      return Object.entries(await readTargets(base)).map(([name, setup]) => ({ name, setup, base }));
    } catch (error) {
      return [{ problem: describeError(error) }];
    }
  });
  return (await Promise.all(lists)).flat();
}

export const isTarget = (listed: Listed): listed is ListedTarget => 'name' in listed;
