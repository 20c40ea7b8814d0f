/** Above a run file: train it, look before, and how the last run that came of it stands. */

import * as vscode from 'vscode';
import { describeState } from './run-tree-items.ts';
import type { Runs } from './runs.ts';

export const RUN_FILES = { scheme: 'file', pattern: '**/*.rmrun.json' } as const satisfies vscode.DocumentFilter;

const FIRST_LINE = new vscode.Range(0, 0, 0, 0);

export class RunFileLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #runs: Runs;
  readonly #registration: vscode.Disposable;

  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(runs: Runs) {
    this.#runs = runs;
    this.onDidChangeCodeLenses = runs.onDidChange;
    this.#registration = vscode.languages.registerCodeLensProvider(RUN_FILES, this);
  }

  async provideCodeLenses({ uri }: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    await this.#runs.ready();
    const last = this.#runs.states.find(({ spec }) => spec.run_file === uri.fsPath);
    const lens = (title: string, command: string, argument: unknown) =>
      new vscode.CodeLens(FIRST_LINE, { title, command, arguments: [argument] });
    return [
      lens('Train', 'rewardStudio.trainFile', uri),
      lens('Preflight', 'rewardStudio.preflight', uri),
      ...(last ? [lens(`Last run: ${describeState(last)}`, 'rewardStudio.revealRun', last)] : []),
    ];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
