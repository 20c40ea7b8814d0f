/** The model that grades: the one chosen with "Use as Grader", else that of the newest finished run. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { Grader } from '../../core/graders/grader.ts';
import { openGrader } from '../../core/graders/open-grader.ts';
import type { RunState } from '../../core/runs/state.ts';
import type { Studio } from '../studio.ts';
import { isGradable } from '../training/run-tree-items.ts';
import type { Runs } from '../training/runs.ts';

const CHOICE_KEY = 'rewardStudio.activeRun';
const IDLE_MINUTES = 10;

export class ActiveModel implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #status: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable[];
  #loaded: { key: string; grader: Promise<Grader> } | undefined;
  #shown: string | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(studio: Studio, runs: Runs) {
    this.#studio = studio;
    this.#runs = runs;
    this.#status = vscode.window.createStatusBarItem('rewardStudio.grader', vscode.StatusBarAlignment.Left, 0);
    this.#status.name = 'Reward Studio Grader';
    this.#status.command = 'rewardStudio.useAsGrader';
    this.#subscriptions = [runs.onDidChange(() => this.#update())];
  }

  /** Folder of the run whose model grades. */
  folder(): string | undefined {
    return this.#run()?.folder;
  }

  async use(state: RunState): Promise<void> {
    await this.#studio.context.workspaceState.update(CHOICE_KEY, state.folder);
    this.#update();
  }

  /** The grader, loaded once per model; undefined where no run has finished. */
  async grader(): Promise<Grader | undefined> {
    await this.#runs.ready();
    const run = this.#run();
    const model = run?.fold.result?.model;
    if (!run || model === undefined) return undefined;
    const { runtime, log } = this.#studio;
    const file = path.join(run.folder, model);
    // A model that is served is served by the Python that is chosen now.
    const key = JSON.stringify([file, run.spec.engine === 'embedded' ? null : runtime.python]);
    if (this.#loaded?.key !== key) {
      this.#unload();
      const trainedAt = run.fold.updatedAt ?? run.spec.created_at;
      const reference = { file, name: run.spec.name, trainedAt, runFolder: run.folder };
      const serve = { idleMs: idleMinutes() * 60_000, onLine: (line: string) => log.info(line) };
      this.#loaded = { key, grader: openGrader(reference, { runtime, serve }) };
      // A model that cannot be loaded is tried again the next time it is asked for.
      this.#loaded.grader.catch(() => {
        this.#loaded = undefined;
      });
    }
    return this.#loaded.grader;
  }

  dispose(): void {
    this.#unload();
    for (const disposable of [this.#changed, this.#status, ...this.#subscriptions]) disposable.dispose();
  }

  /** Ends what was started to serve it. */
  #unload(): void {
    this.#loaded?.grader.then(
      (grader) => grader.dispose(),
      () => {},
    );
    this.#loaded = undefined;
  }

  #run(): RunState | undefined {
    const gradable = this.#runs.states.filter(isGradable);
    const chosen = this.#studio.context.workspaceState.get<string>(CHOICE_KEY);
    return gradable.find((state) => state.folder === chosen) ?? gradable[0];
  }

  #update(): void {
    const run = this.#run();
    if (run?.folder === this.#shown) return;
    this.#shown = run?.folder;
    if (run) {
      this.#status.text = `$(law) ${run.spec.name.replaceAll('$(', '$ (')}`;
      this.#status.tooltip = `Grades: ${run.spec.name}. Click to choose another model.`;
      this.#status.show();
    } else {
      this.#status.hide();
    }
    this.#changed.fire();
  }
}

const idleMinutes = (): number =>
  vscode.workspace.getConfiguration('rewardStudio').get('grading.servedIdleMinutes', IDLE_MINUTES);
