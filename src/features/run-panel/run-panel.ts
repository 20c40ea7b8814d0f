/** One training panel: answers its page's questions about its runs, and does what the person asks of them. */

import path from 'node:path';
import { createBirpc } from 'birpc';
import * as vscode from 'vscode';
import { describeError, reportError } from '../../core/errors.ts';
import { listEvaluations } from '../../core/evaluations/evaluation-files.ts';
import { isResumable } from '../../core/runs/resumable.ts';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import type { Fault, Outcome, Problem } from '../../protocol/dataset-viewer.ts';
import {
  type FollowerFunctions,
  PANEL_PAGE_EVENTS,
  type PanelFunctions,
  type PanelPageFunctions,
  type PanelRuns,
  type RunAction,
} from '../../protocol/run-panel.ts';
import { pageHtml } from '../page-html.ts';
import type { Studio } from '../studio.ts';
import { isEvaluable, isGradable } from '../training/run-tree-items.ts';
import type { Runs } from '../training/runs.ts';
import { FollowerProcess } from './follower-process.ts';

/** What the panel needs of those who open it. */
export interface PanelContext {
  readonly studio: Studio;
  readonly runs: Runs;
  /** Asks for runs to compare to; undefined when the person leaves. */
  readonly chooseRuns: (own: string, chosen: readonly string[]) => Promise<readonly string[] | undefined>;
  readonly onDidClose: () => void;
}

export class RunPanel {
  readonly panel: vscode.WebviewPanel;
  readonly #context: PanelContext;
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #page: PanelPageFunctions;
  #folders: readonly string[];
  #follower: FollowerProcess | undefined;
  #evaluations: PanelRuns['evaluations'] = [];
  #shown = '';
  #name: string | undefined;

  /** @param folders the panel's own run first, then those it is compared to */
  constructor(panel: vscode.WebviewPanel, folders: readonly string[], context: PanelContext) {
    this.panel = panel;
    this.#folders = folders;
    this.#context = context;
    const { webview } = panel;
    const webviewFolder = vscode.Uri.joinPath(context.studio.context.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [webviewFolder] };
    const icon = (theme: string) =>
      vscode.Uri.joinPath(context.studio.context.extensionUri, 'media', `run-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const rpc = createBirpc<PanelPageFunctions, PanelFunctions>(this.#functions(), {
      on: (listener) => {
        this.#subscriptions.push(webview.onDidReceiveMessage(listener));
      },
      post: (message) => webview.postMessage(message),
      eventNames: [...PANEL_PAGE_EVENTS],
    });
    this.#page = {
      changed: (folder) => void rpc.changed(folder),
      runsChanged: (runs) => void rpc.runsChanged(runs),
      followerEnded: (problem) => void rpc.followerEnded(problem),
    };
    this.#subscriptions.push(
      context.runs.onDidChange(() => void this.#showChanges()),
      panel.onDidDispose(() => {
        rpc.$close();
        this.#follower?.dispose();
        vscode.Disposable.from(...this.#subscriptions).dispose();
        context.onDidClose();
      }),
    );
    void this.#showChanges();
    webview.html = pageHtml(webview, webviewFolder, { folder: 'run', title: 'Run' });
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  compareTo(others: readonly string[]): void {
    this.#folders = [this.#own, ...others.filter((folder) => folder !== this.#own)];
    this.#follower?.follow(this.#folders);
    this.#page.runsChanged(this.#panelRuns());
  }

  get #own(): string {
    return this.#folders[0]!;
  }

  #state(folder = this.#own): RunState | undefined {
    return this.#context.runs.states.find((state) => state.folder === folder);
  }

  /** The panel's title, what can be done with the run now, and what its model was measured on. */
  async #showChanges(): Promise<void> {
    const state = this.#state();
    // A run that has been deleted keeps its name.
    if (state) this.#name = state.spec.name;
    this.panel.title = this.#name ?? path.basename(this.#own);
    if (state?.status === 'finished') await this.#readEvaluations();
    const runs = this.#panelRuns();
    const shown = JSON.stringify([runs.actions, runs.evaluations]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#page.runsChanged(runs);
  }

  async #readEvaluations(): Promise<void> {
    const { evaluations } = await listEvaluations(this.#own).catch(() => ({ evaluations: [] }));
    this.#evaluations = evaluations.map(({ file, data, createdAt, n, measure }) => ({
      file,
      data: path.basename(data),
      createdAt,
      n,
      measure: measure ?? null,
    }));
  }

  #panelRuns(): PanelRuns {
    const state = this.#state();
    const actions: RunAction[] = [];
    if (state && vscode.workspace.isTrusted) {
      if (ACTIVE_STATUSES.has(state.status) && state.status !== 'stopping') actions.push('stop');
      if (isResumable(state)) actions.push('resume');
      if (isGradable(state)) actions.push('use-as-grader');
      if (isEvaluable(state)) actions.push('evaluate');
    }
    return { folders: this.#folders, actions, evaluations: this.#evaluations };
  }

  #ask<T>(
    folder: string,
    question: (follower: FollowerFunctions) => Promise<Outcome<T, Fault>>,
  ): Promise<Outcome<T, Problem>> {
    if (!this.#folders.includes(folder)) {
      const message = 'This run is no longer part of the panel.';
      return Promise.resolve({ ok: false, fault: { cancelled: true, message } });
    }
    return this.#askFollower(question);
  }

  async #askFollower<T>(
    question: (follower: FollowerFunctions) => Promise<Outcome<T, Fault>>,
  ): Promise<Outcome<T, Problem>> {
    const answer = await this.#following().ask(question);
    if (answer.ok) return answer;
    const { fault } = answer;
    return { ok: false, fault: { cancelled: fault.code === 'cancelled', message: describeError(fault) } };
  }

  /** The process; one that died is replaced. */
  #following(): FollowerProcess {
    this.#follower ??= new FollowerProcess(this.#context.studio.runtime, this.#folders, {
      changed: (folder) => this.#page.changed(folder),
      onDeath: (fault, said) => {
        this.#context.studio.log.error(`${describeError(fault)}\n${said}`);
        this.#follower = undefined;
        this.#page.followerEnded({ cancelled: false, message: describeError(fault) });
      },
    });
    return this.#follower;
  }

  #functions(): PanelFunctions {
    return {
      runs: async () => this.#panelRuns(),
      summary: (folder) => this.#ask(folder, (follower) => follower.summary(folder)),
      curves: (request) => this.#ask(request.folder, (follower) => follower.curves(request)),
      samples: (request) => this.#ask(request.folder, (follower) => follower.samples(request)),
      log: (request) => this.#ask(request.folder, (follower) => follower.log(request)),
      searchLog: (request) => this.#ask(request.folder, (follower) => follower.searchLog(request)),
      act: (action, folder) => void this.#act(action, folder),
      chooseRuns: () => void this.#chooseRuns(),
      removeRun: (folder) => this.compareTo(this.#folders.slice(1).filter((other) => other !== folder)),
      openEvaluation: (file) => {
        if (!this.#evaluations.some((kept) => kept.file === file)) return;
        void vscode.commands.executeCommand('rewardStudio.openEvaluation', { file });
      },
      exportCsv: () => void this.#exportCsv(),
      savePng: (png) => void this.#savePng(png),
    };
  }

  async #act(action: RunAction, folder: string): Promise<void> {
    const state = this.#state(folder);
    if (!state || !this.#folders.includes(folder)) return;
    const commands: Readonly<Record<RunAction, string>> = {
      stop: 'rewardStudio.stopRun',
      resume: 'rewardStudio.resumeRun',
      evaluate: 'rewardStudio.evaluateRun',
      'use-as-grader': 'rewardStudio.useAsGrader',
    };
    await vscode.commands.executeCommand(commands[action], state);
  }

  async #chooseRuns(): Promise<void> {
    const chosen = await this.#context.chooseRuns(this.#own, this.#folders.slice(1));
    if (chosen) this.compareTo(chosen);
  }

  async #exportCsv(): Promise<void> {
    const target = await this.#chooseTarget('Export Numbers', 'csv', 'CSV');
    if (!target) return;
    const answer = await this.#askFollower((follower) => follower.exportCsv(this.#folders, target.fsPath));
    if (answer.ok) await tellSaved(target, `${answer.value.toLocaleString('en')} numbers`);
    else void vscode.window.showErrorMessage(answer.fault.message);
  }

  async #savePng(png: Uint8Array): Promise<void> {
    const target = await this.#chooseTarget('Export Charts', 'png', 'PNG');
    if (!target) return;
    try {
      await vscode.workspace.fs.writeFile(target, png);
      await tellSaved(target, 'the charts');
    } catch (error) {
      void vscode.window.showErrorMessage(describeError(reportError(error)));
    }
  }

  async #chooseTarget(title: string, ending: string, kind: string): Promise<vscode.Uri | undefined> {
    const name = (this.#name ?? 'run').replaceAll(/[^\w.-]+/g, '-');
    // Beside the store, not in it: the run's folder goes when the run is deleted.
    const beside = path.resolve(this.#own, '..', '..', '..');
    return vscode.window.showSaveDialog({
      title,
      defaultUri: vscode.Uri.file(path.join(beside, `${name}.${ending}`)),
      filters: { [kind]: [ending] },
    });
  }
}

async function tellSaved(target: vscode.Uri, what: string): Promise<void> {
  const message = `Exported ${what} to ${path.basename(target.fsPath)}.`;
  if ((await vscode.window.showInformationMessage(message, 'Open')) === 'Open') {
    await vscode.commands.executeCommand('vscode.open', target);
  }
}
