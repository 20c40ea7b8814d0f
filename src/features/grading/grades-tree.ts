/** The view "Grades": the files that were graded, the newest first, and what ended early and can go on. */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatAge } from '../../core/graders/grade-card.ts';
import { gradedRowsText, verdictTexts } from '../../core/gradings/describe-grading.ts';
import type { StoredGrading } from '../../core/gradings/grading-store.ts';
import { headline } from '../../core/methods/describe-evaluation.ts';

export class GradesTree implements vscode.TreeDataProvider<StoredGrading>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: readonly vscode.Disposable[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    const refresh = () => this.refresh();
    const watcher = vscode.workspace.createFileSystemWatcher('**/.reward-studio/gradings/*/*.json');
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidCreate(refresh),
      watcher.onDidChange(refresh),
      watcher.onDidDelete(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    ];
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(element?: StoredGrading): Promise<StoredGrading[]> {
    if (element) return [];
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const { GradingStore } = await import('../../core/gradings/grading-store.ts');
    const lists = await Promise.all(folders.map(({ uri }) => new GradingStore(uri.fsPath).list()));
    return lists.flat();
  }

  getTreeItem(grading: StoredGrading): vscode.TreeItem {
    const { spec, summary } = grading;
    const item = new vscode.TreeItem(path.basename(spec.output));
    item.id = grading.folder;
    item.description = descriptionOf(grading);
    item.accessibilityInformation = { label: `${path.basename(spec.output)}, ${item.description}` };
    if (!summary) {
      item.iconPath = new vscode.ThemeIcon('debug-pause');
      item.contextValue = 'grading.unfinished';
      item.tooltip = `${spec.input}\nby ${spec.grader.name}, begun ${formatAge(spec.created_at, new Date())}`;
      return item;
    }
    item.iconPath = new vscode.ThemeIcon(summary.rows.failed > 0 ? 'warning' : 'pass');
    item.contextValue = summary.rows.failed > 0 ? 'grading.finished.failed' : 'grading.finished';
    item.tooltip = `${spec.output}\n${item.description}`;
    item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(spec.output)] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function descriptionOf({ spec, summary }: StoredGrading): string {
  if (!summary) return `${spec.grader.name} · not finished`;
  const agreement = summary.agreement && headline(summary.agreement);
  const [first] = verdictTexts(spec.kind, summary);
  const age = formatAge(summary.finished_at, new Date());
  return [spec.grader.name, agreement ?? first, gradedRowsText(summary), age].filter(Boolean).join(' · ');
}

/** Of the list alone: the graded file stays. */
export async function removeGrading({ folder, spec, summary }: StoredGrading): Promise<void> {
  const remove = 'Remove';
  const detail = summary ? 'The graded file stays.' : 'The grades that were made so far are lost.';
  const question = `Remove the grading of ${path.basename(spec.input)} from the list?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  await rm(folder, { recursive: true, force: true });
}
