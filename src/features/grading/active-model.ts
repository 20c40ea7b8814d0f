/** What grades: what was chosen with "Use as Grader", else the newest finished run, else a model on this machine. */

import path from 'node:path';
import * as vscode from 'vscode';
import { type Grader, isRemoteKind } from '../../core/graders/grader.ts';
import type { Studio } from '../studio.ts';
import { isGradable } from '../training/run-tree-items.ts';
import type { Runs } from '../training/runs.ts';
import { VsCodeModels } from './editor-models.ts';
import type { GraderKeys } from './grader-keys.ts';
import { idOf, type ListedGrader, nameOf } from './listed-grader.ts';
import type { RegisteredGraders } from './registered-graders.ts';

const CHOICE_KEY = 'rewardStudio.activeRun';
const IDLE_MINUTES = 10;

export class ActiveModel implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #runs: Runs;
  readonly #registered: RegisteredGraders;
  readonly #keys: GraderKeys;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #status: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable[];
  #loaded: { key: string; grader: Promise<Grader> } | undefined;
  #shown: string | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(studio: Studio, runs: Runs, registered: RegisteredGraders, keys: GraderKeys) {
    this.#studio = studio;
    this.#runs = runs;
    this.#registered = registered;
    this.#keys = keys;
    this.#status = vscode.window.createStatusBarItem('rewardStudio.grader', vscode.StatusBarAlignment.Left, 0);
    this.#status.name = 'Reward Studio Grader';
    this.#status.command = 'rewardStudio.useAsGrader';
    this.#subscriptions = [runs.onDidChange(() => this.#update()), registered.onDidChange(() => this.#update())];
  }

  /** Folder of the run whose model grades; undefined where a grader of the registry does. */
  folder(): string | undefined {
    const active = this.active();
    return active?.source === 'run' ? active.state.folder : undefined;
  }

  /** All that can grade, the newest runs first. */
  all(): ListedGrader[] {
    return [...this.#ofRuns(), ...this.#registered.graders];
  }

  active(): ListedGrader | undefined {
    const all = this.all();
    const chosen = this.#studio.context.workspaceState.get<string>(CHOICE_KEY);
    return all.find((grader) => idOf(grader) === chosen) ?? all.find(isOnThisMachine);
  }

  async use(grader: ListedGrader | undefined): Promise<void> {
    await this.#studio.context.workspaceState.update(CHOICE_KEY, grader && idOf(grader));
    this.#update();
  }

  /** Loaded once for as long as it stays the same; undefined where nothing can grade. */
  async grader(): Promise<Grader | undefined> {
    await Promise.all([this.#runs.ready(), this.#registered.ready()]);
    const active = this.active();
    if (!active) return undefined;
    const key = this.#keyOf(active);
    if (this.#loaded?.key !== key) {
      this.#unload();
      const grader = this.open(active);
      this.#loaded = { key, grader };
      // A model that cannot be loaded is tried again the next time it is asked for.
      grader.catch(() => {
        if (this.#loaded?.grader === grader) this.#loaded = undefined;
      });
    }
    return this.#loaded.grader;
  }

  /** Whoever opens one disposes of it. */
  async open(grader: ListedGrader): Promise<Grader> {
    const { runtime, log } = this.#studio;
    const serve = { idleMs: idleMinutes() * 60_000, onLine: (line: string) => log.info(line) };
    const host = { runtime, serve };
    if (grader.source !== 'run') {
      const { entry, folder } = grader;
      const { openRegistered } = await import('../../core/graders/registry/open-registered.ts');
      return openRegistered(entry, { ...host, folder, keys: this.#keys, editorModels: new VsCodeModels() });
    }
    const { folder, spec, fold } = grader.state;
    const file = path.join(folder, fold.result!.model);
    const trainedAt = fold.updatedAt ?? spec.created_at;
    const { openGrader } = await import('../../core/graders/open-grader.ts');
    return openGrader({ file, name: spec.name, trainedAt, runFolder: folder }, host);
  }

  dispose(): void {
    this.#unload();
    for (const disposable of [this.#changed, this.#status, ...this.#subscriptions]) disposable.dispose();
  }

  /** Models of a workspace's runs are loaded only when it is trusted. */
  #ofRuns(): ListedGrader[] {
    if (!vscode.workspace.isTrusted) return [];
    return this.#runs.states.filter(isGradable).map((state) => ({ source: 'run', state }));
  }

  /** What is served is served by the Python that is chosen now. */
  #keyOf(grader: ListedGrader): string {
    const { python } = this.#studio.runtime;
    if (grader.source === 'run') {
      const { folder, fold, spec } = grader.state;
      return JSON.stringify([folder, fold.result?.model, spec.engine === 'embedded' ? null : python]);
    }
    return JSON.stringify([grader.folder, grader.entry, grader.entry.kind === 'local-model' ? python : null]);
  }

  /** Ends what was started to serve it. */
  #unload(): void {
    this.#loaded?.grader.then(
      (grader) => grader.dispose(),
      () => {},
    );
    this.#loaded = undefined;
  }

  #update(): void {
    const active = this.active();
    const shown = active && `${idOf(active)}\n${nameOf(active)}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (active) {
      const name = nameOf(active);
      this.#status.text = `$(law) ${name.replaceAll('$(', '$ (')}`;
      this.#status.tooltip = `Grades: ${name}. Click to choose another grader.`;
      this.#status.show();
    } else {
      this.#status.hide();
    }
    this.#changed.fire();
  }
}

/** Who is elsewhere grades only when a person has chosen that. */
const isOnThisMachine = (grader: ListedGrader): boolean => grader.source === 'run' || !isRemoteKind(grader.entry.kind);

const idleMinutes = (): number =>
  vscode.workspace.getConfiguration('rewardStudio').get('grading.servedIdleMinutes', IDLE_MINUTES);
