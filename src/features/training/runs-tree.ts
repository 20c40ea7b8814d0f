/** The view "Training": active runs, the newest of the others, and all by what they belong to, each with what it was evaluated on. */

import * as vscode from 'vscode';
import type { KeptEvaluation } from '../../core/evaluations/evaluation-files.ts';
import { type Experiment, groupRuns, matchesFilter } from '../../core/runs/group-runs.ts';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import { sameItem } from '../tree-items.ts';
import { evaluationTreeItem } from './evaluation-tree-item.ts';
import { runTreeItem } from './run-tree-items.ts';
import type { Runs, RunsChange } from './runs.ts';

const VIEW = 'rewardStudio.training';
/** For `when` clauses: the view shows some of the runs only. */
const FILTERED = 'rewardStudio.runsFiltered';
/** How long an age ("2 min ago") may stand while other runs go on. */
const AGE_MS = 60_000;

interface Group {
  readonly group: 'active' | 'recent' | 'experiments';
  readonly runs: readonly RunState[];
  readonly experiments: readonly Experiment[];
}

/**
 * A run is listed once in each group that it is in. Commands of its menu get it, and read it as a state: it is brought
 * up to date in place.
 */
type ListedRun = RunState & {
  readonly listedIn: Group | Experiment;
  evaluations: readonly KeptEvaluation[];
};

/** A run that VS Code was given to draw. */
interface Drawn {
  readonly entry: ListedRun;
  from: RunState;
  item: vscode.TreeItem | undefined;
}

type ListedEvaluation = KeptEvaluation & { readonly of: ListedRun };

type Entry = Group | Experiment | ListedRun | ListedEvaluation;

const TITLES = { active: 'Active', recent: 'Recent', experiments: 'By Experiment' } as const;

export class RunsTree implements vscode.TreeDataProvider<Entry>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #activeModel: () => string | undefined;
  readonly #changed = new vscode.EventEmitter<Entry[] | undefined>();
  readonly #view: vscode.TreeView<Entry>;
  readonly #subscriptions: readonly vscode.Disposable[];
  #filter = '';
  /** What is listed where, as VS Code was last told. */
  #shape: string | undefined;
  readonly #drawn = new Map<string, Drawn>();
  #agedAt = 0;
  /** Loaded with the first list: a window that shows no runs needs no engines. */
  #isResumable: (state: RunState) => boolean = () => false;

  readonly onDidChangeTreeData = this.#changed.event;

  /** @param activeModel folder of the run whose model grades */
  constructor(runs: Runs, activeModel: () => string | undefined) {
    this.#runs = runs;
    this.#activeModel = activeModel;
    this.#view = vscode.window.createTreeView<Entry>(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      runs.onDidChange((change) => void this.update(change)),
      this.#view.onDidChangeVisibility(({ visible }) => {
        runs.shown = visible;
      }),
    ];
  }

  /**
   * Draws what has changed. While a list is drawn anew, VS Code knows none of its entries, and a menu that is open on one
   * would lose it: so the whole is drawn only where a run comes, goes or changes its group.
   */
  async update({ reread }: RunsChange): Promise<void> {
    if (this.#shape !== shapeOf(this.#groups())) return this.#redraw();
    const now = Date.now();
    const all = reread || now - this.#agedAt > AGE_MS;
    if (all) this.#agedAt = now;
    if (reread) await this.#readEvaluations();
    const states = new Map(this.#runs.states.map((state) => [state.folder, state]));
    const changed: Entry[] = [];
    for (const drawn of this.#drawn.values()) {
      const state = states.get(drawn.entry.folder);
      if (!state || !(all || state !== drawn.from)) continue;
      drawn.from = state;
      Object.assign(drawn.entry, state);
      if (drawn.item && !sameItem(drawn.item, this.getTreeItem(drawn.entry))) changed.push(drawn.entry);
    }
    if (changed.length > 0) this.#changed.fire(changed);
  }

  async getChildren(parent?: Entry): Promise<Entry[]> {
    if (parent) return this.#keep(await withEvaluations(childrenOf(parent)));
    // Asked for what is on screen only; a view that was there before the extension is not told that it has become visible.
    this.#runs.shown = true;
    const [{ isResumable }] = await Promise.all([import('../../core/runs/resumable.ts'), this.#runs.ready()]);
    this.#isResumable = isResumable;
    const groups = this.#groups();
    this.#shape = shapeOf(groups);
    this.#drawn.clear();
    this.#agedAt = Date.now();
    this.#tellFilter(this.#filtered().length, this.#runs.states.length);
    return groups;
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
      const item = runTreeItem(entry, this.#activeModel() === entry.folder, this.#isResumable(entry));
      item.id = idOf(entry);
      if (entry.evaluations.length > 0) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
      const drawn = this.#drawn.get(item.id);
      if (drawn?.entry === entry) drawn.item = item;
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
    const listed = this.#groups().flatMap(childrenOf);
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
    this.#redraw();
  }

  dispose(): void {
    for (const disposable of [...this.#subscriptions, this.#view, this.#changed]) disposable.dispose();
  }

  /** VS Code asks for what is on screen: a view that nobody sees costs nothing. */
  #redraw(): void {
    this.#changed.fire(undefined);
  }

  #filtered(): readonly RunState[] {
    const all = this.#runs.states;
    return this.#filter === '' ? all : all.filter((state) => matchesFilter(state, this.#filter));
  }

  #groups(): Group[] {
    return groupsOf(this.#filtered(), this.#filter !== '');
  }

  /** Entries that are drawn stay the same objects, so that they can be told to have changed. */
  #keep(entries: readonly Entry[]): Entry[] {
    const states = new Map(this.#runs.states.map((state) => [state.folder, state]));
    return entries.map((entry) => {
      if (!('evaluations' in entry)) return entry;
      const from = states.get(entry.folder) ?? entry;
      const kept = Object.assign(entry, from);
      this.#drawn.set(idOf(kept), { entry: kept, from, item: undefined });
      return kept;
    });
  }

  async #readEvaluations(): Promise<void> {
    const finished = [...this.#drawn.values()].filter(({ entry }) => entry.status === 'finished');
    await Promise.all(
      finished.map(async (drawn) => {
        const evaluations = await evaluationsOf(drawn.entry.folder);
        const filesOf = (list: readonly KeptEvaluation[]) => list.map(({ file }) => file).join('\n');
        if (filesOf(evaluations) === filesOf(drawn.entry.evaluations)) return;
        drawn.entry.evaluations = evaluations;
        this.#changed.fire([drawn.entry]);
      }),
    );
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

async function evaluationsOf(folder: string): Promise<readonly KeptEvaluation[]> {
  const { listEvaluations } = await import('../../core/evaluations/evaluation-files.ts');
  return (await listEvaluations(folder)).evaluations;
}

/** Only a finished run has a model that could have been measured. */
const withEvaluations = (entries: readonly Entry[]): Promise<Entry[]> =>
  Promise.all(
    entries.map(async (entry): Promise<Entry> => {
      if (!('listedIn' in entry) || entry.status !== 'finished') return entry;
      return { ...entry, evaluations: await evaluationsOf(entry.folder) };
    }),
  );

const idOf = ({ listedIn: parent, folder }: ListedRun): string => `${nameOf(parent)}\n${folder}`;

/** Which runs are listed where; all that VS Code must ask for anew when it changes. */
const shapeOf = (groups: readonly Group[]): string =>
  JSON.stringify(
    groups.map(({ group, runs, experiments }) => [
      group,
      runs.map(({ folder }) => folder),
      experiments.map((experiment) => [experiment.name, experiment.runs.map(({ folder }) => folder)]),
    ]),
  );

const nameOf = (entry: Group | Experiment): string => ('group' in entry ? entry.group : `experiment ${entry.name}`);
