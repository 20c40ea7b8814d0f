/** Above each response on the screen, its grade: in words, as the hover begins. A click shows the hover. */

import * as vscode from 'vscode';
import { formatAge, gradeLine } from '../../core/graders/grade-card.ts';
import type { ResponseMark, ResponseMarks } from './response-marks.ts';

const SHOW = 'rewardStudio.showGradeAt';
/** Grades that were kept say how old they are, in minutes at first. */
const AGE_MS = 60_000;

export class GradeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #marks: ResponseMarks;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  #aging: NodeJS.Timeout | undefined;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(marks: ResponseMarks) {
    this.#marks = marks;
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      marks.onDidChange(() => this.#changed.fire()),
      vscode.languages.registerCodeLensProvider({ pattern: '**' }, this),
      vscode.commands.registerCommand(SHOW, showGrade),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    await this.#marks.settled(document, token);
    const marks = this.#marks.of(document);
    if (marks.some(({ kept }) => kept)) this.#age();
    return marks.map((mark) => lensOf(document, mark));
  }

  dispose(): void {
    clearTimeout(this.#aging);
    this.#disposable.dispose();
  }

  #age(): void {
    clearTimeout(this.#aging);
    this.#aging = setTimeout(() => this.#changed.fire(), AGE_MS);
  }
}

function lensOf(document: vscode.TextDocument, { range, field, grade, kept }: ResponseMark): vscode.CodeLens {
  const age = kept ? ` · graded ${formatAge(grade.provenance.gradedAt, new Date())}` : '';
  const line = `${field === undefined ? '' : `${field}: `}${gradeLine(grade)}${age}`;
  // Names of fields and graders are no icons.
  const title = line.replaceAll('$(', '$ (');
  return new vscode.CodeLens(range, { title, command: SHOW, arguments: [document.uri, range.start] });
}

async function showGrade(uri: vscode.Uri, at: vscode.Position): Promise<void> {
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
  await vscode.commands.executeCommand('editor.action.showHover');
}
