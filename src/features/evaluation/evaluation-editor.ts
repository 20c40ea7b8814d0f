/** The editor of kept evaluations: a page that reads, and does nothing to the file. Works in Restricted Mode. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createBirpc } from 'birpc';
import * as vscode from 'vscode';
import { describeError, reportError, StudioError, toStudioError } from '../../core/errors.ts';
import { EVALUATION_ENDING } from '../../core/evaluations/evaluation-names.ts';
import type { EvaluationReport } from '../../core/evaluations/report.ts';
import type { RunState } from '../../core/runs/state.ts';
import type { Outcome, Problem } from '../../protocol/dataset-viewer.ts';
import {
  type DataState,
  EVALUATION_PAGE_EVENTS,
  type EvaluationHostFunctions,
  type EvaluationPageFunctions,
  type ShownComparison,
} from '../../protocol/evaluation-page.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { pageHtml } from '../page-html.ts';
import { type Studio, showError } from '../studio.ts';
import type { Runs } from '../training/runs.ts';

export const EVALUATION_VIEW_TYPE = 'rewardStudio.evaluation';

interface EvaluationDocument extends vscode.CustomDocument {
  readonly uri: vscode.Uri;
}

export class EvaluationEditorProvider implements vscode.CustomReadonlyEditorProvider<EvaluationDocument> {
  readonly #studio: Studio;
  readonly #runs: Runs;
  /** Path of a report to that of the one it was last compared with. */
  readonly #compared = new Map<string, string>();
  readonly #open = new Set<{ readonly file: string; readonly changed: () => void }>();

  constructor(studio: Studio, runs: Runs) {
    this.#studio = studio;
    this.#runs = runs;
  }

  /** Its page, open or about to be, shows it beside another. */
  compare(file: string, other: string): void {
    this.#compared.set(file, other);
    for (const shown of this.#open) if (shown.file === file) shown.changed();
  }

  openCustomDocument(uri: vscode.Uri): EvaluationDocument {
    return { uri, dispose: () => {} };
  }

  resolveCustomEditor({ uri }: EvaluationDocument, panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    const folder = vscode.Uri.joinPath(this.#studio.context.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const closed = new AbortController();
    const subscriptions: vscode.Disposable[] = [];
    const rpc = createBirpc<EvaluationPageFunctions, EvaluationHostFunctions>(this.#functions(uri, closed.signal), {
      on: (listener) => {
        subscriptions.push(webview.onDidReceiveMessage(listener));
      },
      post: (message) => webview.postMessage(message),
      eventNames: [...EVALUATION_PAGE_EVENTS],
    });
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), path.basename(uri.fsPath)),
    );
    const changed = () => void rpc.changed();
    const shown = { file: uri.fsPath, changed };
    this.#open.add(shown);
    subscriptions.push(
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidChange(changed),
      panel.onDidDispose(() => {
        closed.abort();
        this.#open.delete(shown);
        rpc.$close();
        vscode.Disposable.from(...subscriptions).dispose();
      }),
    );
    const icon = (theme: string) =>
      vscode.Uri.joinPath(this.#studio.context.extensionUri, 'media', `evaluation-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    webview.html = pageHtml(webview, folder, { folder: 'evaluation', title: 'Evaluation' });
  }

  #functions(uri: vscode.Uri, signal: AbortSignal): EvaluationHostFunctions {
    const report = () => read(uri.fsPath);
    const act = (doing: string, action: (report: EvaluationReport) => unknown) => async () => {
      try {
        await action(await report());
      } catch (error) {
        void showError(this.#studio, error, doing);
      }
    };
    return {
      report: () => outcome(report),
      dataState: () => outcome(async () => this.#dataState(await report(), signal)),
      comparison: (file) => outcome(async () => compared(await report(), this.#compared.get(uri.fsPath) ?? file)),
      compareWith: act('Compare Evaluations', async () => {
        const { pickOther } = await import('./compare-evaluations.ts');
        const other = await pickOther(this.#runs, uri.fsPath);
        if (other) this.compare(uri.fsPath, other);
      }),
      endComparison: () => void this.#compared.delete(uri.fsPath),
      showRow: (row) => void act('Show Row', ({ data }) => showRow(data.path, row))(),
      showData: act('Open Data', ({ data }) => showRow(data.path, 0)),
      showRun: act('Open Run', async (shown) => {
        const run = await this.#runOf(uri, shown);
        await vscode.commands.executeCommand('rewardStudio.openRun', run);
      }),
      evaluateAgain: act('Evaluate Run on a File', async (shown) => {
        const run = await this.#runOf(uri, shown);
        await vscode.commands.executeCommand('rewardStudio.evaluateRun', run, shown.data.path);
      }),
      export: (format) =>
        void act('Export Evaluation', async (shown) =>
          (await import('./export-report.ts')).exportReport(shown, format),
        )(),
    };
  }

  /** The run in whose folder the report lies, else the one that it names. */
  async #runOf(uri: vscode.Uri, { run }: EvaluationReport): Promise<RunState> {
    await this.#runs.ready();
    const folder = path.resolve(uri.fsPath, '..', '..');
    const { states } = this.#runs;
    const found = states.find((state) => state.folder === folder) ?? states.find(({ spec }) => spec.id === run?.id);
    if (found) return found;
    throw new StudioError('run-not-found', 'The run is not in this workspace.', {
      hint: 'Open the folder that holds it.',
    });
  }

  /** Reads the file that the report names, wherever it is: not of a report that nobody vouches for. */
  async #dataState({ data }: EvaluationReport, signal: AbortSignal): Promise<DataState> {
    if (!vscode.workspace.isTrusted) return 'unknown';
    if (!isGlob(data.path) && (await stat(data.path).catch(() => undefined)) === undefined) return 'gone';
    try {
      const task = { kind: 'fingerprint', file: data.path } as const;
      const fingerprint = await askDatasetTask(this.#studio.runtime, task, { signal });
      return fingerprint === data.fingerprint ? 'same' : 'changed';
    } catch (error) {
      if (toStudioError(error)?.code === 'file-not-found') return 'gone';
      throw error;
    }
  }
}

// Loaded with the first evaluation that is opened.
async function read(file: string): Promise<EvaluationReport> {
  const { readReport } = await import('../../core/evaluations/evaluation-files.ts');
  return readReport(file);
}

async function compared(report: EvaluationReport, file: string | null): Promise<ShownComparison | null> {
  if (!file?.endsWith(EVALUATION_ENDING)) return null;
  const [other, { compareEvaluations }] = await Promise.all([
    read(file),
    import('../../core/evaluations/compare-evaluations.ts'),
  ]);
  return { file, a: report.grader.name, b: other.grader.name, comparison: compareEvaluations(report, other) };
}

const isGlob = (name: string): boolean => /[*?[\]{}]/.test(name);

/** @throws StudioError for what no editor can open */
async function showRow(data: string, row: number): Promise<void> {
  if (isGlob(data)) {
    throw new StudioError(
      'not-available',
      `The rows of ${data} are those of several files, which no editor shows as one.`,
      {
        hint: 'Rows are counted over all of them, in the order of their names.',
      },
    );
  }
  // An editor that is only a preview would give its place to the data.
  await vscode.commands.executeCommand('workbench.action.keepEditor');
  await vscode.commands.executeCommand('rewardStudio.showRow', vscode.Uri.file(data), row);
}

async function outcome<T>(question: () => Promise<T>): Promise<Outcome<T, Problem>> {
  try {
    return { ok: true, value: await question() };
  } catch (error) {
    const fault = reportError(error);
    return { ok: false, fault: { cancelled: fault.code === 'cancelled', message: describeError(fault) } };
  }
}
