/** The feature "training panel": opens runs, compares them, and brings panels back after the window was reloaded. */

import * as vscode from 'vscode';
import type { RunState } from '../../core/runs/state.ts';
import { registerCommand, type Studio } from '../studio.ts';
import { pickRun } from '../training/activate.ts';
import { describeState } from '../training/run-tree-items.ts';
import type { Runs } from '../training/runs.ts';
import type { PanelContext, RunPanel } from './run-panel.ts';

const RUN_VIEW_TYPE = 'rewardStudio.run';

export function activateRunPanel(studio: Studio, runs: Runs): vscode.Disposable {
  const panels = new RunPanels(studio, runs);
  return vscode.Disposable.from(
    registerCommand(studio, 'rewardStudio.openRun', 'Open Run', async (given?: RunState | string) => {
      const folder = typeof given === 'string' ? given : given?.folder;
      const chosen = folder ?? (await pickRun(runs, 'Which run to open?', () => true))?.folder;
      if (chosen !== undefined) await panels.open([chosen]);
    }),
    registerCommand(studio, 'rewardStudio.compareRuns', 'Compare Runs', async (given?: RunState) => {
      const chosen = await pickRuns(runs, 'Which runs to compare?', given ? [given.folder] : []);
      if (chosen && chosen.length > 0) await panels.open(chosen);
    }),
    vscode.window.registerWebviewPanelSerializer(RUN_VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, state) => {
        await runs.ready();
        const folders = panelFolders(state).filter((folder) => runs.states.some((run) => run.folder === folder));
        if (folders.length === 0) panel.dispose();
        else panels.add(await loadRunPanel(), panel, folders);
      },
    }),
  );
}

/** Loaded with the first panel, with all that it needs. */
const loadRunPanel = async (): Promise<typeof RunPanel> => (await import('./run-panel.ts')).RunPanel;

class RunPanels {
  readonly #context: Omit<PanelContext, 'onDidClose'>;
  readonly #open = new Set<RunPanel>();

  constructor(studio: Studio, runs: Runs) {
    this.#context = {
      studio,
      runs,
      chooseRuns: (own, chosen) => pickRuns(runs, 'Compare with which runs?', chosen, own),
    };
  }

  /** Shows the panel of the first run, with the others beside it. */
  async open(folders: readonly string[]): Promise<void> {
    const Panel = await loadRunPanel();
    const found = [...this.#open].find((panel) => panel.folders[0] === folders[0]);
    if (found) {
      found.panel.reveal();
      if (folders.length > 1) found.compareTo(folders.slice(1));
      return;
    }
    this.add(Panel, vscode.window.createWebviewPanel(RUN_VIEW_TYPE, 'Run', vscode.ViewColumn.Active), folders);
  }

  add(Panel: typeof RunPanel, panel: vscode.WebviewPanel, folders: readonly string[]): void {
    const added: RunPanel = new Panel(panel, folders, {
      ...this.#context,
      onDidClose: () => this.#open.delete(added),
    });
    this.#open.add(added);
  }
}

/** What the page kept: the folders of its runs, as far as they are some. */
function panelFolders(state: unknown): string[] {
  const folders = (state as { folders?: unknown } | undefined)?.folders;
  return Array.isArray(folders) ? folders.filter((folder) => typeof folder === 'string') : [];
}

/** @param own the run that is not asked about */
async function pickRuns(
  runs: Runs,
  placeHolder: string,
  picked: readonly string[],
  own?: string,
): Promise<string[] | undefined> {
  await runs.ready();
  const items = runs.states
    .filter((state) => state.folder !== own)
    .map((state) => ({
      label: state.spec.name,
      description: describeState(state),
      picked: picked.includes(state.folder),
      folder: state.folder,
    }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There is no other run in this workspace.');
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true });
  return chosen?.map(({ folder }) => folder);
}
