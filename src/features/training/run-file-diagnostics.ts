/** Underlines keys of a run file that mean nothing, and offers the known one that was probably meant. */

import * as vscode from 'vscode';
import { type RunFileProblem, runFileProblems } from '../../core/runs/run-file-problems.ts';
import { RUN_FILES } from './run-file-lenses.ts';

const SOURCE = 'Reward Studio';

export class RunFileDiagnostics implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #found = vscode.languages.createDiagnosticCollection('rewardStudio.runFiles');
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor() {
    const look = (document: vscode.TextDocument) => {
      if (vscode.languages.match(RUN_FILES, document)) this.#found.set(document.uri, diagnosticsOf(document));
    };
    this.#subscriptions = [
      this.#found,
      vscode.workspace.onDidOpenTextDocument(look),
      vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#found.delete(uri)),
      vscode.languages.registerCodeActionsProvider(RUN_FILES, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
    vscode.workspace.textDocuments.forEach(look);
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    return runFileProblems(document.getText()).flatMap((problem) => {
      const place = placeOf(document, problem);
      if (problem.nearest === undefined || !place.intersection(range)) return [];
      const action = new vscode.CodeAction(`Change to "${problem.nearest}"`, vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, place, problem.nearest);
      action.isPreferred = true;
      return [action];
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function diagnosticsOf(document: vscode.TextDocument): vscode.Diagnostic[] {
  return runFileProblems(document.getText()).map((problem) => {
    const diagnostic = new vscode.Diagnostic(
      placeOf(document, problem),
      problem.message,
      vscode.DiagnosticSeverity.Error,
    );
    diagnostic.source = SOURCE;
    return diagnostic;
  });
}

const placeOf = (document: vscode.TextDocument, { offset, key }: RunFileProblem): vscode.Range =>
  new vscode.Range(document.positionAt(offset), document.positionAt(offset + key.length));
