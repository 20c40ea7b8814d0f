/** The view "Graders": the models that can grade, the one that does marked; a click makes one grade. */

import * as vscode from 'vscode';
import { formatAge } from '../../core/graders/hover-card.ts';
import { headline } from '../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../core/methods/method.ts';
import type { RunState } from '../../core/runs/state.ts';
import { isGradable } from './run-tree-items.ts';
import type { Runs } from './runs.ts';

export class GradersTree implements vscode.TreeDataProvider<RunState>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #activeModel: () => string | undefined;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscription: vscode.Disposable;
  #listed = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: Runs, activeModel: () => string | undefined) {
    this.#runs = runs;
    this.#activeModel = activeModel;
    this.#subscription = runs.onDidChange(() => {
      // Runs change with every step; graders when one finishes or is deleted.
      if (this.#key() !== this.#listed) this.refresh();
    });
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(parent?: RunState): Promise<RunState[]> {
    if (parent) return [];
    await this.#runs.ready();
    this.#listed = this.#key();
    return this.#graders();
  }

  getTreeItem(state: RunState): vscode.TreeItem {
    const active = this.#activeModel() === state.folder;
    const item = new vscode.TreeItem(state.spec.name);
    item.id = `grader\n${state.folder}`;
    item.iconPath = active
      ? new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('charts.blue'))
      : new vscode.ThemeIcon('law');
    const { evaluation } = state.fold.result ?? {};
    const { updatedAt = state.spec.created_at } = state.fold;
    item.description = [
      active ? 'active' : undefined,
      METHODS[state.spec.method].title,
      evaluation && headline(evaluation),
      formatAge(updatedAt, new Date()),
    ]
      .filter(Boolean)
      .join(' · ');
    item.tooltip = active ? 'This model grades by hover.' : 'Click: grade with this model.';
    item.command = { command: 'rewardStudio.useAsGrader', title: 'Use as Grader', arguments: [state] };
    item.accessibilityInformation = { label: `${state.spec.name}, ${item.description}` };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #graders(): RunState[] {
    return this.#runs.states.filter(isGradable);
  }

  #key(): string {
    return this.#graders()
      .map(({ folder }) => folder)
      .join('\n');
  }
}
