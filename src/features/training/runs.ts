/** The runs of all workspace folders, observed: lists them, follows the active ones, tells when something changed. */

import path from 'node:path';
import * as vscode from 'vscode';
import { describeError, toStudioError } from '../../core/errors.ts';
import { EVALUATION_ENDING, EVALUATIONS_FOLDER } from '../../core/evaluations/evaluation-names.ts';
import type { RunObserver } from '../../core/runs/observe.ts';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import { RunStore, STORE_FOLDER } from '../../core/runs/store.ts';
import { StorePoll } from '../../core/runs/store-poll.ts';
import type { Studio } from '../studio.ts';

const FOLLOW_MS = 250;

export interface RunsChange {
  /** The lists of runs were read anew, with all that lies beside a run; else only active runs went on. */
  readonly reread: boolean;
}

export class Runs implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #observers = new Map<string, RunObserver>();
  readonly #states = new Map<string, RunState>();
  readonly #reported = new Set<string>();
  readonly #changed = new vscode.EventEmitter<RunsChange>();
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  readonly #poll = new StorePoll(
    () => this.#bases().map((base) => new RunStore(base)),
    () => void this.refresh(),
  );
  #watchers: vscode.Disposable[] = [];
  #shown = false;
  #timer: NodeJS.Timeout | undefined;
  #loading: Promise<void> | undefined;
  /** Asked for while one is under way, which may have passed by what is new. */
  #next: Promise<void> | undefined;
  #first: Promise<void> | undefined;
  #disposed = false;

  readonly onDidChange = this.#changed.event;
  /** Folders of the runs whose outcome this window tells. */
  readonly followed = new Set<string>();

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#disposables.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watch();
        void this.refresh();
      }),
    );
    this.#watch();
  }

  /** Newest first. */
  get states(): readonly RunState[] {
    return [...this.#states.values()].sort((a, b) => (a.spec.id < b.spec.id ? 1 : -1));
  }

  /** The store beside a dataset: of its workspace folder, else of the first one, else the extension's own. */
  storeFor(file: string): RunStore {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) ?? vscode.workspace.workspaceFolders?.[0];
    return new RunStore(folder?.uri.scheme === 'file' ? folder.uri.fsPath : this.#ownFolder);
  }

  observerOf(state: RunState): RunObserver | undefined {
    return this.#observers.get(state.folder);
  }

  /** Reads the lists of runs anew and what the logs have to add: what was there when it was called is seen. */
  refresh(): Promise<void> {
    if (this.#loading) {
      this.#next ??= this.#loading
        .catch(() => {})
        .then(() => {
          this.#next = undefined;
          return this.refresh();
        });
      return this.#next;
    }
    this.#loading = this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Loads once; later calls return at once. */
  ready(): Promise<void> {
    this.#first ??= this.refresh().catch((error) => {
      this.#first = undefined;
      throw error;
    });
    return this.#first;
  }

  /** Whether the runs are on screen: then one that is started elsewhere is seen within seconds. */
  set shown(shown: boolean) {
    this.#shown = shown;
    this.#pollIfWanted();
  }

  /** The state of one run as of now. */
  async observe(folder: string): Promise<RunState | undefined> {
    const observer = this.#observers.get(folder);
    if (!observer) return undefined;
    const state = await observer.observe();
    this.#states.set(folder, state);
    return state;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#poll.dispose();
    for (const disposable of [...this.#watchers, ...this.#disposables]) disposable.dispose();
  }

  get #ownFolder(): string {
    return this.#studio.context.globalStorageUri.fsPath;
  }

  #bases(): string[] {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return [
      ...folders.filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.uri.fsPath),
      this.#ownFolder,
    ];
  }

  #watch(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = this.#bases().map((base) => {
      const pattern = new vscode.RelativePattern(
        vscode.Uri.file(base),
        `${STORE_FOLDER}/runs/{*,*/*,*/${EVALUATIONS_FOLDER}/*}`,
      );
      const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true);
      // Watchers miss what is written into a folder that is itself new: any later file of it tells of the run as well.
      watcher.onDidCreate(({ fsPath }) => {
        const isKnown = this.#observers.has(fsPath) || this.#observers.has(path.dirname(fsPath));
        // A known run has a trainer again: it was resumed elsewhere.
        if (!isKnown || path.basename(fsPath) === 'writer.lock') void this.refresh();
      });
      watcher.onDidDelete(({ fsPath }) => {
        const tells = path.basename(fsPath) === 'run.json' || fsPath.endsWith(EVALUATION_ENDING);
        if (tells || this.#observers.has(fsPath)) void this.refresh();
      });
      return watcher;
    });
  }

  async #load(): Promise<void> {
    const { RunObserver } = await import('../../core/runs/observe.ts');
    await this.#poll.note();
    const seen = new Set<string>();
    for (const base of this.#bases()) {
      const { runs, problems } = await new RunStore(base).list();
      for (const { folder, spec } of runs) {
        seen.add(folder.path);
        if (!this.#observers.has(folder.path)) this.#observers.set(folder.path, new RunObserver(folder, spec));
        // It may be deleted while the others are read.
        await this.observe(folder.path).catch((error) => this.#reportOnce(folder.path, describeError(error)));
      }
      for (const problem of problems) this.#reportOnce(problem.folder, describeError(problem.error));
    }
    for (const folder of [...this.#observers.keys()].filter((known) => !seen.has(known))) {
      this.#observers.delete(folder);
      this.#states.delete(folder);
    }
    this.#changed.fire({ reread: true });
    this.#follow();
  }

  /** Looks at active runs until none is left; an idle extension has no timer. */
  #follow(): void {
    if (this.#timer !== undefined || this.#disposed) return;
    this.#pollIfWanted();
    const active = this.#active();
    if (active.length === 0) return;
    this.#timer = setTimeout(async () => {
      for (const state of active) {
        await this.observe(state.folder).catch((error) => {
          // Deleted: a refresh would not list it either.
          if (toStudioError(error)?.code === 'run-not-found') this.#states.delete(state.folder);
          this.#reportOnce(state.folder, describeError(error));
        });
      }
      this.#timer = undefined;
      this.#changed.fire({ reread: false });
      this.#follow();
    }, FOLLOW_MS);
  }

  #active(): RunState[] {
    return [...this.#states.values()].filter((state) => ACTIVE_STATUSES.has(state.status));
  }

  #pollIfWanted(): void {
    this.#poll.wanted = !this.#disposed && (this.#shown || this.#active().length > 0);
  }

  #reportOnce(folder: string, message: string): void {
    if (this.#reported.has(folder)) return;
    this.#reported.add(folder);
    this.#studio.log.warn(`${path.basename(folder)}: ${message}`);
  }
}
