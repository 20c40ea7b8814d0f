/** The page: what it knows of its runs, and which view shows it. */

import type { Problem } from '../../src/protocol/dataset-viewer.ts';
import type { PanelPageFunctions, PanelRuns, RunSummary } from '../../src/protocol/run-panel.ts';
import { element } from '../dataset/elements.ts';
import { ChartsView } from './charts/charts-view.ts';
import { RunHeader } from './header.ts';
import type { Host } from './host.ts';
import { LogView } from './log-view.ts';
import { showNotices } from './notices.ts';
import { ParametersView } from './parameters-view.ts';
import { SamplesView } from './samples/samples-view.ts';
import { RunTabs } from './tabs.ts';
import { ValidationView } from './validation-view.ts';
import { type SavedView, TABS, type Tab, type ViewState } from './view-state.ts';

export class RunPage implements PanelPageFunctions {
  readonly #host: () => Host;
  readonly #save: SavedView['save'];
  readonly #summaries = new Map<string, RunSummary>();
  readonly #asking = new Map<string, 'asking' | 'again'>();
  readonly #header = new RunHeader((action) => void this.#host().act(action, this.#own));
  readonly #notices = element('div', { class: 'notices' });
  readonly #charts: ChartsView;
  readonly #samples: SamplesView;
  readonly #validation = new ValidationView((file) => void this.#host().openEvaluation(file));
  readonly #parameters = new ParametersView();
  readonly #log: LogView;
  readonly #tabs: RunTabs;
  readonly #views: ReadonlyMap<Tab, HTMLElement>;
  #view: ViewState;
  #runs: PanelRuns | undefined;
  #problem: string | undefined;
  #noticed = '';

  constructor(host: () => Host, { view, save }: SavedView) {
    this.#host = host;
    this.#view = view;
    this.#save = save;
    this.#charts = new ChartsView({
      host,
      view: () => this.#view,
      change: (change) => this.#change(change),
      summaries: () => this.#summaries,
    });
    this.#samples = new SamplesView(host);
    this.#log = new LogView(host);
    this.#tabs = new RunTabs((tab) => this.#change({ tab }), this.#charts.toolbar.element);
    this.#views = new Map<Tab, HTMLElement>([
      ['charts', this.#charts.element],
      ['samples', this.#samples.element],
      ['validation', this.#validation.element],
      ['parameters', this.#parameters.element],
      ['log', this.#log.element],
    ]);
    for (const [tab, shown] of this.#views) {
      shown.id = `view-${tab}`;
      shown.setAttribute('role', 'tabpanel');
      shown.setAttribute('aria-labelledby', `tab-${tab}`);
    }
    document.body.append(
      this.#header.element,
      this.#notices,
      this.#tabs.element,
      element('main', {}, ...this.#views.values()),
    );
  }

  async start(): Promise<void> {
    this.#showTab();
    this.runsChanged(await this.#host().runs());
  }

  changed(folder: string): void {
    void this.#refresh(folder);
  }

  runsChanged(runs: PanelRuns): void {
    this.#runs = runs;
    this.#header.showActions(runs);
    const known = new Set(this.#view.folders);
    const fresh = runs.folders.filter((folder) => !known.has(folder) || !this.#summaries.has(folder));
    for (const folder of [...this.#summaries.keys()]) {
      if (!runs.folders.includes(folder)) this.#summaries.delete(folder);
    }
    this.#change({ folders: runs.folders });
    this.#show();
    for (const folder of fresh) void this.#refresh(folder);
  }

  followerEnded({ message }: Problem): void {
    this.#problem = message;
    this.#header.follows = false;
    this.#showNotices();
  }

  get #own(): string {
    return this.#runs?.folders[0] ?? '';
  }

  /** Asks for what is known of a run, once more where it changes while it is being asked. */
  async #refresh(folder: string): Promise<void> {
    if (this.#asking.has(folder)) {
      this.#asking.set(folder, 'again');
      return;
    }
    do {
      this.#asking.set(folder, 'asking');
      const answer = await this.#host().summary(folder);
      if (answer.ok) {
        this.#summaries.set(folder, answer.value);
        this.#problem = undefined;
      } else if (!answer.fault.cancelled) this.#problem = answer.fault.message;
      if (folder === this.#own) this.#header.follows = answer.ok;
      this.#show();
      await this.#charts.refresh(folder);
    } while (this.#asking.get(folder) === 'again');
    this.#asking.delete(folder);
  }

  #change(change: Partial<ViewState>): void {
    const before = this.#view;
    this.#view = { ...before, ...change };
    this.#save(this.#view);
    const other = (key: keyof ViewState) => this.#view[key] !== before[key];
    if (other('tab')) this.#showTab();
    this.#charts.draw();
    if (other('x') || other('range') || other('smoothing') || other('folders')) this.#charts.refreshAll();
    if (other('folders') || other('dismissed')) this.#show();
  }

  #showTab(): void {
    for (const tab of TABS) this.#views.get(tab)!.hidden = tab !== this.#view.tab;
    this.#charts.toolbar.element.hidden = this.#view.tab !== 'charts';
    this.#show();
  }

  #show(): void {
    const own = this.#summaries.get(this.#own);
    if (own) this.#header.show(own);
    this.#showNotices();
    this.#tabs.show(this.#view.tab, {
      validation: (own?.evaluations.length ?? 0) + (this.#runs?.evaluations.length ?? 0),
    });
    const others = this.#view.folders.slice(1).flatMap((folder) => this.#summaries.get(folder) ?? []);
    if (!own) return;
    switch (this.#view.tab) {
      case 'charts':
        this.#charts.draw();
        break;
      case 'samples':
        this.#samples.show(own);
        break;
      case 'validation':
        this.#validation.show(own, others, this.#runs?.evaluations ?? []);
        break;
      case 'parameters':
        this.#parameters.show(own, others);
        break;
      case 'log':
        this.#log.show(own);
        break;
    }
  }

  #showNotices(): void {
    const own = this.#summaries.get(this.#own);
    const { alerts, warnings, damagedLines, failure, status, updatedAt, connection, vanished } = own ?? {};
    const said = [
      alerts,
      warnings,
      damagedLines,
      failure,
      status,
      status === 'lost' && updatedAt,
      connection,
      vanished,
      this.#runs?.actions,
    ];
    const key = JSON.stringify([...said, this.#view.dismissed, this.#problem]);
    // What is being read, or has the focus, is left alone as long as it says the same.
    if (key === this.#noticed) return;
    this.#noticed = key;
    showNotices(
      this.#notices,
      {
        summary: own,
        runs: this.#runs,
        dismissed: this.#view.dismissed,
        problem: this.#problem,
      },
      {
        onDismiss: (key) => this.#change({ dismissed: [...this.#view.dismissed, key] }),
        onShowLog: () => this.#change({ tab: 'log' }),
        onResume: () => void this.#host().act('resume', this.#own),
        onReload: () => {
          this.#problem = undefined;
          for (const folder of this.#view.folders) void this.#refresh(folder);
        },
      },
    );
  }
}
