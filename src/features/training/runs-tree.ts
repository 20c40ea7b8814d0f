/** The view "Training": active runs, the newest of the others, and all by what they belong to, each with what it was evaluated on. */

import * as vscode from 'vscode';
import { type KeptEvaluation, listEvaluations } from '../../core/evaluations/evaluation-files.ts';
import { type Experiment, groupRuns, matchesFilter } from '../../core/runs/group-runs.ts';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import { evaluationTreeItem } from './evaluation-tree-item.ts';
import { runTreeItem } from './run-tree-items.ts';
import type { Runs } from './runs.ts';

const VIEW = 'rewardStudio.training';
/** For `when` clauses: the view shows some of the runs only. */
const FILTERED = 'rewardStudio.runsFiltered';

interface Group {
  readonly group: 'active' | 'recent' | 'experiments';
  readonly runs: readonly RunState[];
  readonly experiments: readonly Experiment[];
}

/** A run is listed once in each group that it is in. Commands of its menu get it, and read it as a state. */
type ListedRun = RunState & {
  readonly listedIn: Group | Experiment;
  readonly evaluations: readonly KeptEvaluation[];
};

type ListedEvaluation = KeptEvaluation & { readonly of: ListedRun };

type Entry = Group | Experiment | ListedRun | ListedEvaluation;

const TITLES = { active: 'Active', recent: 'Recent', experiments: 'By Experiment' } as const;

export class RunsTree implements vscode.TreeDataProvider<Entry>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #activeModel: () => string | undefined;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<Entry>;
  readonly #subscriptions: readonly vscode.Disposable[];
  #filter = '';

  readonly onDidChangeTreeData = this.#changed.event;

  /** @param activeModel folder of the run whose model grades */
  constructor(runs: Runs, activeModel: () => string | undefined) {
    this.#runs = runs;
    this.#activeModel = activeModel;
    this.#view = vscode.window.createTreeView<Entry>(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      runs.onDidChange(() => this.refresh()),
      this.#view.onDidChangeVisibility(({ visible }) => {
        runs.shown = visible;
      }),
    ];
  }

  /** VS Code asks for what is on screen: a view that nobody sees costs nothing. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(parent?: Entry): Promise<Entry[]> {
    if (parent) return withEvaluations(childrenOf(parent));
    // Asked for what is on screen only; a view that was there before the extension is not told that it has become visible.
    this.#runs.shown = true;
    await this.#runs.ready();
    const all = this.#runs.states;
    const shown = this.#filter === '' ? all : all.filter((state) => matchesFilter(state, this.#filter));
    this.#tellFilter(shown.length, all.length);
    return groupsOf(shown, this.#filter !== '');
  }

  getParent(entry: Entry): Entry | undefined {
    if ('of' in entry) return entry.of;
    return 'listedIn' in entry ? entry.listedIn : undefined;
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    if ('of' in entry) {
      const item = evaluationTreeItem(entry);
      item.id = `${nameOf(entry.of.listedIn)}\n${entry.file}`;
      return item;
    }
    if ('listedIn' in entry) {
      const item = runTreeItem(entry, this.#activeModel() === entry.folder);
      item.id = `${nameOf(entry.listedIn)}\n${entry.folder}`;
      if (entry.evaluations.length > 0) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
      return item;
    }
    if ('group' in entry) return this.#groupItem(entry);
    const item = new vscode.TreeItem(entry.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = nameOf(entry);
    item.iconPath = new vscode.ThemeIcon('beaker');
    item.description = String(entry.runs.length);
    item.accessibilityInformation = { label: `${entry.name}, ${entry.runs.length} runs` };
    return item;
  }

  /** Shows the run in the view, wherever the view is. */
  async reveal(folder: string): Promise<void> {
    await this.#runs.ready();
    if (!this.#runs.states.some((state) => state.folder === folder)) return;
    await this.filter('');
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    const listed = (await this.getChildren()).flatMap(childrenOf);
    const isIt = (entry: Entry) => 'folder' in entry && entry.folder === folder;
    const entry = listed.find(isIt) ?? listed.flatMap(childrenOf).find(isIt);
    if (entry) await this.#view.reveal(entry, { select: true, focus: true });
  }

  get currentFilter(): string {
    return this.#filter;
  }

  async filter(text: string): Promise<void> {
    this.#filter = text.trim();
    await vscode.commands.executeCommand('setContext', FILTERED, this.#filter !== '');
    this.refresh();
  }

  dispose(): void {
    for (const disposable of [...this.#subscriptions, this.#view, this.#changed]) disposable.dispose();
  }

  #tellFilter(shown: number, all: number): void {
    this.#view.message = this.#filter === '' ? '' : `Filter "${this.#filter}": ${shown} of ${all} runs`;
  }

  #groupItem(group: Group): vscode.TreeItem {
    const closed = group.group === 'experiments' && !this.#filter;
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(TITLES[group.group], closed ? Collapsed : Expanded);
    item.id = nameOf(group);
    if (group.group === 'experiments') {
      const several = group.experiments.filter(({ runs }) => runs.length > 1);
      item.description = several.map(({ name, runs }) => `${name} (${runs.length})`).join(', ');
    }
    return item;
  }
}

/** All that match a filter are listed: who looks for a run does not want the newest only. */
function groupsOf(states: readonly RunState[], filtered: boolean): Group[] {
  const { active, recent, experiments } = groupRuns(states);
  const ended = filtered ? states.filter((state) => !ACTIVE_STATUSES.has(state.status)) : recent;
  const groups: Group[] = [
    { group: 'active', runs: active, experiments: [] },
    { group: 'recent', runs: ended, experiments: [] },
    { group: 'experiments', runs: [], experiments: filtered ? [] : experiments },
  ];
  return groups.filter(({ runs, experiments: named }) => runs.length + named.length > 0);
}

function childrenOf(parent: Entry): Entry[] {
  if ('of' in parent) return [];
  if ('listedIn' in parent) return parent.evaluations.map((evaluation) => ({ ...evaluation, of: parent }));
  if ('group' in parent && parent.group === 'experiments') {
    // A run that belongs to no other needs no level of its own.
    return parent.experiments.flatMap((experiment): Entry[] =>
      experiment.runs.length > 1 ? [experiment] : listedIn(parent, experiment.runs),
    );
  }
  return listedIn(parent, parent.runs);
}

const listedIn = (parent: Group | Experiment, runs: readonly RunState[]): ListedRun[] =>
  runs.map((state) => ({ ...state, listedIn: parent, evaluations: [] }));

/** Only a finished run has a model that could have been measured. */
const withEvaluations = (entries: readonly Entry[]): Promise<Entry[]> =>
  Promise.all(
    entries.map(async (entry): Promise<Entry> => {
      if (!('listedIn' in entry) || entry.status !== 'finished') return entry;
      return { ...entry, evaluations: (await listEvaluations(entry.folder)).evaluations };
    }),
  );

const nameOf = (entry: Group | Experiment): string => ('group' in entry ? entry.group : `experiment ${entry.name}`);
