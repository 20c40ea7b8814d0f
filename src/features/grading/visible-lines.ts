/** The lines of a document that are on the screen, and a margin around them: what is looked at unasked. */

import * as vscode from 'vscode';

/** Both ends belong to it. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** Lines above and below what is on the screen. */
const MARGIN = 40;
/** Of all lines together, in UTF-16 code units. */
const MOST_CHARACTERS = 1_000_000;

/** Those that are not among `seen`: first the ones on the screen, then the margins; in all editors of the document. */
export function linesAround(document: vscode.TextDocument, seen: readonly Lines[]): Lines[] {
  const visible = vscode.window.visibleTextEditors
    .filter((editor) => editor.document === document)
    .flatMap(({ visibleRanges }) => visibleRanges)
    .map(({ start, end }): Lines => ({ first: start.line, last: Math.min(end.line, document.lineCount - 1) }));
  const below = visible.map(({ last }) => ({ first: last + 1, last: Math.min(last + MARGIN, document.lineCount - 1) }));
  const above = visible.map(({ first }) => ({ first: Math.max(0, first - MARGIN), last: first - 1 }));
  let characters = 0;
  return [...visible, ...below, ...above]
    .flatMap((lines) => without(lines, seen))
    .flatMap(({ first, last }) => {
      let end = first;
      for (; end <= last; end += 1) {
        const { length } = document.lineAt(end).text;
        if (characters + length > MOST_CHARACTERS) break;
        characters += length;
      }
      return end > first ? [{ first, last: end - 1 }] : [];
    });
}

function without(lines: Lines, seen: readonly Lines[]): Lines[] {
  return seen.reduce<Lines[]>(
    (rest, { first, last }) =>
      rest.flatMap((each) =>
        [
          { first: each.first, last: Math.min(each.last, first - 1) },
          { first: Math.max(each.first, last + 1), last: each.last },
        ].filter((part) => part.first <= part.last),
      ),
    lines.first <= lines.last ? [lines] : [],
  );
}
