/** The response at a position of a JSON or JSON Lines text: the string under it, read by the shape of its row. */

import { type DocumentText, isReadable, type Line, selectedResponse } from '../document-text.ts';
import { assistant, type Located, located, movedBy, type TextRange } from '../located.ts';
import { readEncoded } from './encoded.ts';
import { responseIn, selectionIn } from './locate-in-tree.ts';
import { type Node, parseJson, valuesAround } from './tree.ts';

/** `lines`: every line is a value of its own, and only the one at the position is read. */
export type JsonLayout = 'document' | 'lines';

export function locateInJson(
  document: DocumentText,
  offset: number,
  selection: TextRange | undefined,
  layout: JsonLayout,
): Located | undefined {
  const line = document.lineAt(selection?.start ?? offset);
  if (selection !== undefined && layout === 'lines' && selection.end > line.start + line.text.length) {
    return selectedResponse(document, selection);
  }
  const alone =
    layout === 'lines' || looksLikeRow(line, selection) ? locateInPiece(line, offset, selection) : undefined;
  if (layout === 'lines' || (alone !== undefined && (selection === undefined || alone.promptKnown))) return alone;
  if (!isReadable(document.length)) return selection && selectedResponse(document, selection);
  return locateInPiece({ text: document.whole(), start: 0 }, offset, selection);
}

/** Many `.json` files hold one row a line: such a line is enough, and errors on other lines cannot spoil it. */
function looksLikeRow(line: Line, selection?: TextRange): boolean {
  if (selection !== undefined && selection.end > line.start + line.text.length) return false;
  return /^\[?\{/.test(line.text) && /\}\s*\]?,?\s*$/.test(line.text.slice(-16));
}

function locateInPiece(piece: Line, offset: number, selection?: TextRange): Located | undefined {
  const value = isReadable(piece.text.length) ? valueAt(piece, selection?.start ?? offset) : undefined;
  if (value === undefined) {
    return selection && located(selection, assistant(textOf(piece, selection)), { prompt: [] });
  }
  const { root, text, start } = value;
  readEncoded(root, text);
  const path = valuesAround(root, (selection?.start ?? offset) - start);
  const found =
    selection === undefined
      ? responseIn(path, text, offset - start)
      : selectionIn(path, text, { start: selection.start - start, end: selection.end - start });
  return found && movedBy(found, start);
}

interface Value extends Line {
  /** Its positions count from `start`. */
  readonly root: Node;
}

/** The value around an offset. Text before the first value and between values is passed over. */
function valueAt(piece: Line, offset: number): Value | undefined {
  for (let from = nextValue(piece.text, 0); piece.start + from <= offset; ) {
    const text = piece.text.slice(from);
    const root = parseJson(text);
    if (root === undefined) return undefined;
    const start = piece.start + from;
    if (offset <= start + root.length) return { text, start, root };
    from = nextValue(piece.text, from + Math.max(1, root.length));
  }
  return undefined;
}

function nextValue(text: string, from: number): number {
  const next = text.slice(from).search(/[[{]/);
  return next < 0 ? Number.POSITIVE_INFINITY : from + next;
}

function textOf(piece: Line, range: TextRange): string {
  return piece.text.slice(range.start - piece.start, range.end - piece.start);
}
