/** The response under a position of an open document, found from VS Code's own line table. */

import * as vscode from 'vscode';
import type { DocumentText } from '../../core/graders/locate/document-text.ts';
import { locateResponse } from '../../core/graders/locate/locate-response.ts';
import type { Located, TextRange } from '../../core/graders/locate/located.ts';
import { locateInNotebook } from '../../core/graders/locate/notebook/locate-in-notebook.ts';

const NOTEBOOK_CELL = 'vscode-notebook-cell';

export interface LocatedInDocument {
  readonly located: Located;
  readonly range: vscode.Range;
}

export function locateInDocument(
  document: vscode.TextDocument,
  position: vscode.Position,
): LocatedInDocument | undefined {
  const selection = selectionAt(document, position);
  const offset = document.offsetAt(position);
  const selected = selection && { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
  const alone = locateResponse({
    text: documentTextOf(document),
    language: document.languageId,
    offset,
    selection: selected,
  });
  const located = alone?.promptKnown ? alone : (locateOverCells(document, offset, selected) ?? alone);
  if (!located) return undefined;
  // In a diff the part under the cursor: the lines between may be of the other side.
  const { start, end } = located.pieces?.find((piece) => piece.start <= offset && offset <= piece.end) ?? located;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  return { located, range };
}

/** In a Markdown cell of a notebook: what was asked may stand in a cell before. */
function locateOverCells(
  document: vscode.TextDocument,
  offset: number,
  selection: TextRange | undefined,
): Located | undefined {
  if (document.uri.scheme !== NOTEBOOK_CELL || document.languageId !== 'markdown') return undefined;
  const notebook = vscode.workspace.notebookDocuments.find((each) =>
    each.getCells().some((cell) => cell.document === document),
  );
  const cells = (notebook?.getCells() ?? []).filter(({ kind }) => kind === vscode.NotebookCellKind.Markup);
  const index = cells.findIndex((cell) => cell.document === document);
  const texts = cells.map((cell) => cell.document.getText());
  return index < 0 ? undefined : locateInNotebook(texts, index, offset, selection);
}

/** What a part of a response means: of a string with escapes, their characters. */
export function textOfPart(document: vscode.TextDocument, part: TextRange): string | undefined {
  const text = documentTextOf(document);
  const found = locateResponse({ text, language: document.languageId, offset: part.start, selection: part });
  return found?.response.at(-1)?.content;
}

/** The selection of an editor that shows this document, where the position is inside it. */
function selectionAt(document: vscode.TextDocument, position: vscode.Position): vscode.Selection | undefined {
  return vscode.window.visibleTextEditors
    .filter((editor) => editor.document === document)
    .flatMap((editor) => editor.selections)
    .find((selection) => !selection.isEmpty && selection.contains(position));
}

/** Answers from VS Code's own line table. */
export function documentTextOf(document: vscode.TextDocument): DocumentText {
  const lastLine = document.lineAt(document.lineCount - 1);
  return {
    length: document.offsetAt(lastLine.range.end),
    lineAt(offset) {
      const { range, text } = document.lineAt(document.positionAt(offset).line);
      return { text, start: document.offsetAt(range.start) };
    },
    slice: (start, end) => document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end))),
    whole: () => document.getText(),
  };
}
