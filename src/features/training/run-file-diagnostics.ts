/** Underlines keys of a run file that mean nothing, and offers the known one that was probably meant. */

import * as vscode from 'vscode';
import type { RunFileProblem } from '../../core/runs/run-file-problems.ts';
import { RUN_FILES } from './run-file-lenses.ts';

const SOURCE = 'Reward Studio';

export class RunFileDiagnostics implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #found = vscode.languages.createDiagnosticCollection('rewardStudio.runFiles');
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor() {
    const look = async (document: vscode.TextDocument) => {
      if (!vscode.languages.match(RUN_FILES, document)) return;
      const { version } = document;
      const found = await diagnosticsOf(document);
      // What was found in an older text, or in a document that is closed, stands nowhere.
      if (!document.isClosed && document.version === version) this.#found.set(document.uri, found);
    };
    this.#subscriptions = [
      this.#found,
      vscode.workspace.onDidOpenTextDocument((document) => void look(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => void look(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#found.delete(uri)),
      vscode.languages.registerCodeActionsProvider(RUN_FILES, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
    for (const document of vscode.workspace.textDocuments) void look(document);
  }

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    return (await problemsOf(document)).flatMap((problem) => {
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

// Loaded with the first run file that is opened.
async function problemsOf(document: vscode.TextDocument): Promise<readonly RunFileProblem[]> {
  const { runFileProblems } = await import('../../core/runs/run-file-problems.ts');
  return runFileProblems(document.getText());
}

async function diagnosticsOf(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  return (await problemsOf(document)).map((problem) => {
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
