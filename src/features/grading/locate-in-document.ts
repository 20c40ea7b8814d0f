/** The response under a position of an open document, found from VS Code's own line table. */

import * as vscode from 'vscode';
import type { DocumentText } from '../../core/graders/locate/document-text.ts';
import { locateResponse } from '../../core/graders/locate/locate-response.ts';
import type { Located, TextRange } from '../../core/graders/locate/located.ts';

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
  const located = locateResponse({
    text: documentTextOf(document),
    language: document.languageId,
    offset,
    selection: selection && { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) },
  });
  if (!located) return undefined;
  // In a diff the part under the cursor: the lines between may be of the other side.
  const { start, end } = located.pieces?.find((piece) => piece.start <= offset && offset <= piece.end) ?? located;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  return { located, range };
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
