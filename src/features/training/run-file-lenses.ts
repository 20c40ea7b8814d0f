/** Above a run file: train it, look before, and how the last run that came of it stands. */

import * as vscode from 'vscode';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import { describeState } from './run-tree-items.ts';
import type { Runs } from './runs.ts';

export const RUN_FILES = { scheme: 'file', pattern: '**/*.rmrun.json' } as const satisfies vscode.DocumentFilter;

const FIRST_LINE = new vscode.Range(0, 0, 0, 0);

export class RunFileLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  #said = '';

  /** Only when a lens says something else: asked again with every step of a run, the editor never gets to draw any. */
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(runs: Runs) {
    this.#runs = runs;
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      runs.onDidChange(() => {
        const said = JSON.stringify(runs.states.map((state) => [state.spec.run_file, state.folder, state.status]));
        if (said === this.#said) return;
        this.#said = said;
        this.#changed.fire();
      }),
      vscode.languages.registerCodeLensProvider(RUN_FILES, this),
    );
  }

  async provideCodeLenses({ uri }: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    await this.#runs.ready();
    const last = this.#runs.states.find(({ spec }) => spec.run_file === uri.fsPath);
    const lens = (title: string, command: string, argument: unknown) =>
      new vscode.CodeLens(FIRST_LINE, { title, command, arguments: [argument] });
    return [
      lens('Train', 'rewardStudio.trainFile', uri),
      lens('Preflight', 'rewardStudio.preflight', uri),
      ...(last ? [lens(`Last run: ${standing(last)}`, 'rewardStudio.revealRun', last)] : []),
    ];
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** Without progress: that is in the side bar, and would be out of date here. */
const standing = (state: RunState) => (ACTIVE_STATUSES.has(state.status) ? state.status : describeState(state));
