/** One item of the status bar while runs are active: the run, or how many; a click shows the view. */

import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { describeRemaining, remainingMs } from '../../core/runs/remaining-time.ts';
import { ACTIVE_STATUSES, progressOf, type RunState } from '../../core/runs/state.ts';
import type { RunStore } from '../../core/runs/store.ts';
import type { Runs } from './runs.ts';

export class ActiveRunsStatus implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;

  constructor(runs: Runs) {
    this.#item = vscode.window.createStatusBarItem('rewardStudio.activeRuns', vscode.StatusBarAlignment.Left, 1);
    this.#item.name = 'Reward Studio Runs';
    this.#item.command = 'rewardStudio.training.focus';
    this.#subscription = runs.onDidChange(() => this.#show(runs.states));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(states: readonly RunState[]): void {
    const active = states.filter(({ status }) => ACTIVE_STATUSES.has(status));
    const [first, ...others] = active;
    if (!first) {
      this.#item.hide();
      return;
    }
    const text = others.length === 0 ? describe(first) : `${active.length} runs`;
    // An icon of the status bar is written $(name): a run's name is none.
    this.#item.text = `$(sync~spin) ${text.replaceAll('$(', '$ (')}`;
    this.#item.tooltip = active.map(describe).join('\n');
    this.#item.show();
  }
}

function describe(state: RunState): string {
  const share = progressOf(state);
  const left = remainingMs(state);
  const parts = [
    share === undefined ? state.status : `${Math.round(share * 100)} %`,
    left === undefined ? undefined : describeRemaining(left),
  ];
  return `${state.spec.name} ${parts.filter(Boolean).join(' · ')}`;
}

/**
 * Whether a trainer may be at work in a store, told by its lock files alone: a window that opens on hundreds of ended
 * runs reads none of them.
 */
export async function mayHaveActiveRuns(store: RunStore): Promise<boolean> {
  const names = await readdir(store.runsFolder).catch(() => []);
  for (const name of names) {
    // Of a run elsewhere the one that follows it holds a lock here.
    for (const lock of ['writer.lock', 'connector.lock']) {
      const locked = await access(path.join(store.runsFolder, name, lock)).then(
        () => true,
        () => false,
      );
      if (locked) return true;
    }
  }
  return false;
}
