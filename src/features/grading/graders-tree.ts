/** The view "Graders": what can grade, what does now, and what is wrong in the registry. A click makes one grade. */

import * as vscode from 'vscode';
import { describeError, type StudioError } from '../../core/errors.ts';
import { formatAge } from '../../core/graders/grade-card.ts';
import { isPaid, KIND_TITLES, SCALE_TITLES, scaleOf, whereOf } from '../../core/graders/registry/describe-entry.ts';
import type { EntryKind } from '../../core/graders/registry/grader-entry.ts';
import { headline } from '../../core/methods/describe-evaluation.ts';
import { METHODS } from '../../core/methods/method.ts';
import type { Runs } from '../training/runs.ts';
import type { ActiveModel } from './active-model.ts';
import { type GraderKeys, namesKey } from './grader-keys.ts';
import { idOf, type ListedGrader, nameOf, type RegisteredGrader, type RunGrader } from './listed-grader.ts';
import type { RegisteredGraders } from './registered-graders.ts';

export interface ListedProblem {
  readonly source: 'problem';
  readonly problem: StudioError;
}

type Listed = ListedGrader | ListedProblem;

/** What the last test of a grader came to. */
export type TestOutcome = { readonly latencyMs: number } | { readonly failure: string };

const ICONS: Readonly<Record<EntryKind, string>> = {
  embedded: 'law',
  'local-model': 'law',
  'reward-endpoint': 'server',
  'judge-endpoint': 'server',
  'editor-model': 'comment-discussion',
};

export class GradersTree implements vscode.TreeDataProvider<Listed>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #registered: RegisteredGraders;
  readonly #active: ActiveModel;
  readonly #keys: GraderKeys;
  readonly #changed = new vscode.EventEmitter<Listed[] | undefined>();
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #outcomes = new Map<string, TestOutcome>();
  /** What VS Code was given to draw, by its name for itself. */
  readonly #drawn = new Map<string, ListedGrader>();
  #shape: string | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: Runs, registered: RegisteredGraders, active: ActiveModel, keys: GraderKeys) {
    this.#runs = runs;
    this.#registered = registered;
    this.#active = active;
    this.#keys = keys;
    this.#subscriptions = [
      runs.onDidChange(() => {
        // Runs change with every step; graders when one finishes or is deleted.
        if (this.#shape !== this.#shapeNow()) this.refresh();
      }),
      registered.onDidChange(() => this.refresh()),
      active.onDidChange(() => this.refresh()),
      keys.onDidChange(() => this.refresh()),
    ];
  }

  /**
   * Draws anew what may have changed. While a whole list is drawn anew, VS Code knows none of its entries, and a menu that
   * is open on one would lose it: so that is done only where a grader comes, goes or changes its place.
   */
  refresh(): void {
    const same = this.#shape === this.#shapeNow();
    if (same) for (const now of this.#active.all()) Object.assign(this.#drawn.get(idOf(now)) ?? {}, now);
    this.#changed.fire(same ? [...this.#drawn.values()] : undefined);
  }

  /** Shown until the window is closed. */
  showOutcome(grader: ListedGrader, outcome: TestOutcome): void {
    this.#outcomes.set(idOf(grader), outcome);
    this.refresh();
  }

  async getChildren(parent?: Listed): Promise<Listed[]> {
    if (parent) return [];
    await Promise.all([this.#runs.ready(), this.#registered.ready()]);
    this.#shape = this.#shapeNow();
    this.#drawn.clear();
    // Objects of its own: they stay what VS Code knows an entry by, and are brought up to date in place.
    for (const grader of this.#active.all()) this.#drawn.set(idOf(grader), { ...grader });
    return [
      ...this.#drawn.values(),
      ...this.#registered.problems.map((problem): ListedProblem => ({ source: 'problem', problem })),
    ];
  }

  async getTreeItem(listed: Listed): Promise<vscode.TreeItem> {
    if (listed.source === 'problem') return problemItem(listed.problem);
    const current = this.#active.active();
    const active = current !== undefined && idOf(current) === idOf(listed);
    const missing = listed.source === 'run' ? false : await this.#lacksKey(listed);
    const item = new vscode.TreeItem(nameOf(listed));
    item.id = `grader\n${idOf(listed)}`;
    item.iconPath = iconOf(listed, active, missing);
    const about = listed.source === 'run' ? aboutRun(listed) : aboutEntry(listed);
    const outcome = this.#outcomes.get(idOf(listed));
    const tested = outcome && ('failure' in outcome ? 'test failed' : `${outcome.latencyMs.toFixed(0)} ms`);
    item.description = [active ? 'active' : undefined, missing ? 'no key' : undefined, tested, ...about]
      .filter(Boolean)
      .join(' · ');
    item.tooltip = [
      active ? 'This grades.' : 'Click: grade with this.',
      ...(missing ? ['Its key is not set: "Set Key" in its menu.'] : []),
      ...(outcome && 'failure' in outcome ? [`Last test: ${outcome.failure}`] : []),
    ].join('\n');
    item.contextValue = contextOf(listed);
    item.command = { command: 'rewardStudio.useAsGrader', title: 'Use as Grader', arguments: [listed] };
    item.accessibilityInformation = { label: `${nameOf(listed)}, ${item.description}` };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #lacksKey({ entry }: RegisteredGrader): Promise<boolean> {
    return namesKey(entry) && (await this.#keys.get(entry.key, new URL(entry.url).origin)) === undefined;
  }

  #shapeNow(): string {
    return JSON.stringify([this.#active.all().map(idOf), this.#registered.problems.map(describeError)]);
  }
}

function problemItem(problem: StudioError): vscode.TreeItem {
  const item = new vscode.TreeItem(problem.message);
  const { file, line = 1 } = problem.where;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
  item.description = problem.where.line === undefined ? '' : `line ${line}`;
  item.tooltip = describeError(problem);
  item.contextValue = 'graderProblem';
  const place = new vscode.Range(line - 1, 0, line - 1, 0);
  item.command =
    file?.endsWith('.json') === true
      ? { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(file), { selection: place }] }
      : { command: 'workbench.action.openSettings', title: 'Open Settings', arguments: ['rewardStudio.graders'] };
  return item;
}

function iconOf(listed: ListedGrader, active: boolean, missing: boolean): vscode.ThemeIcon {
  if (missing) return new vscode.ThemeIcon('key', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  if (active) return new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('charts.blue'));
  return new vscode.ThemeIcon(listed.source === 'run' ? 'law' : ICONS[listed.entry.kind]);
}

function aboutRun({ state }: RunGrader): (string | undefined)[] {
  const { evaluation } = state.fold.result ?? {};
  const { updatedAt = state.spec.created_at } = state.fold;
  return [METHODS[state.spec.method].title, evaluation && headline(evaluation), formatAge(updatedAt, new Date())];
}

function aboutEntry({ entry, source }: RegisteredGrader): (string | undefined)[] {
  const scale = scaleOf(entry);
  return [
    isPaid(entry) ? 'paid' : undefined,
    KIND_TITLES[entry.kind],
    scale && SCALE_TITLES[scale],
    whereOf(entry),
    source === 'user' ? 'user settings' : undefined,
  ];
}

const contextOf = (listed: ListedGrader): string =>
  listed.source === 'run'
    ? 'grader.run'
    : ['grader', 'registered', ...(namesKey(listed.entry) ? ['keyed'] : [])].join('.');
