/** The view "Training": runs with their live state. */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import { formatAge } from '../../core/graders/hover-card.ts';
import { describeEvaluation, formatNumber, headline } from '../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../core/methods/method.ts';
import { isResumable } from '../../core/runs/resumable.ts';
import { ACTIVE_STATUSES, progressOf, type RunState, type RunStatus } from '../../core/runs/state.ts';
import { alertIcon, alertLines, alertNote } from './alert-notes.ts';
import type { Runs } from './runs.ts';

const ICONS: Readonly<Record<RunStatus, vscode.ThemeIcon>> = {
  queued: new vscode.ThemeIcon('clock'),
  preparing: new vscode.ThemeIcon('sync~spin'),
  running: new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue')),
  stopping: new vscode.ThemeIcon('sync~spin'),
  stopped: new vscode.ThemeIcon('debug-stop'),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  finished: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  lost: new vscode.ThemeIcon('debug-disconnect'),
};

export class RunsTree implements vscode.TreeDataProvider<RunState>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #activeModel: () => string | undefined;
  readonly #changed = new vscode.EventEmitter<RunState | undefined>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  /** @param activeModel folder of the run whose model grades */
  constructor(runs: Runs, activeModel: () => string | undefined) {
    this.#runs = runs;
    this.#activeModel = activeModel;
    this.#subscription = runs.onDidChange(() => this.refresh());
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(parent?: RunState): Promise<RunState[]> {
    if (parent) return [];
    await this.#runs.ready();
    return [...this.#runs.states];
  }

  getTreeItem(state: RunState): vscode.TreeItem {
    const item = new vscode.TreeItem(state.spec.name);
    const grades = this.#activeModel() === state.folder;
    item.id = state.folder;
    item.iconPath = alertIcon(state) ?? ICONS[state.status];
    const parts = [describeState(state), alertNote(state)];
    // While something can be done about it, the alert must not be the part that is cut off.
    if (ACTIVE_STATUSES.has(state.status)) parts.reverse();
    item.description = [...parts, grades ? 'grader' : undefined].filter(Boolean).join(' · ');
    item.tooltip = tooltip(state, grades);
    item.contextValue = [
      'run',
      ACTIVE_STATUSES.has(state.status) ? 'active' : 'ended',
      ...(state.status === 'finished' ? ['gradable'] : []),
      ...(isResumable(state) ? ['resumable'] : []),
    ].join('.');
    item.command = { command: 'rewardStudio.openRun', title: 'Open Run', arguments: [state] };
    item.accessibilityInformation = { label: `${state.spec.name}, ${item.description}` };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

/** "running · 62 % · train/loss 0.61", "finished · pair accuracy 0.67 · 2 h ago". */
export function describeState(state: RunState, now = new Date()): string {
  const { fold, status } = state;
  const age = fold.updatedAt === undefined ? undefined : formatAge(fold.updatedAt, now);
  if (status === 'finished') {
    const result = fold.result?.evaluation ? headline(fold.result.evaluation) : undefined;
    return [status, result, age].filter((part) => part !== undefined).join(' · ');
  }
  if (status === 'failed') return [status, firstSentence(state.failure?.message), age].filter(Boolean).join(' · ');
  if (!ACTIVE_STATUSES.has(status)) return [status, age].filter((part) => part !== undefined).join(' · ');
  const share = progressOf(state);
  const loss = fold.metrics['train/loss'];
  return [
    status,
    share === undefined ? fold.message : `${Math.round(share * 100)} %`,
    loss === undefined ? undefined : `loss ${formatNumber(loss)}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

const firstSentence = (text: string | undefined): string | undefined => text?.split(/(?<=[.!?])\s/, 1)[0];

/** Everything from the run is shown as text: names and log lines may contain anything. */
function tooltip(state: RunState, grades: boolean): vscode.MarkdownString {
  const { spec, fold } = state;
  const text = new vscode.MarkdownString();
  text.appendText(`${spec.name}${grades ? ' (active grader)' : ''}\n`);
  text.appendText(`${METHODS[spec.method].title} · engine ${spec.engine} on ${spec.target}\n`);
  text.appendText(`${spec.data.train.path} · ${spec.data.train.rows} rows\n`);
  if (fold.result) {
    text.appendText(`trained on ${fold.result.trainRows} rows, validated on ${fold.result.validationRows}\n`);
    for (const line of fold.result.evaluation ? describeEvaluation(fold.result.evaluation) : [])
      text.appendText(`${line}\n`);
  }
  for (const line of alertLines(state)) text.appendText(`${line}\n`);
  for (const warning of [...fold.warnings, ...state.logProblems]) text.appendText(`warning: ${warning}\n`);
  if (state.failure) text.appendText(`${describeError(state.failure)}\n`);
  return text;
}
