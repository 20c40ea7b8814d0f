/** The response at a position of a JSON or JSON Lines text, or all in a range: strings, read by the shape of their row. */

import { type DocumentText, isReadable, type Line, linesIn, selectedResponse } from '../document-text.ts';
import { assistant, type Located, located, movedBy, type TextRange } from '../located.ts';
import { unlessTooDeep } from '../too-deep.ts';
import { readEncoded } from './encoded.ts';
import { responseIn, selectionIn } from './locate-in-tree.ts';
import { responsesInTree } from './responses-in-tree.ts';
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

/**
 * The responses that a range touches, one batch for each piece that is read: a line, or the document as a whole.
 * @param longest what is longer than so many UTF-16 code units is not read
 */
export function* responsesInJson(
  document: DocumentText,
  range: TextRange,
  layout: JsonLayout,
  longest: number,
): Generator<readonly Located[]> {
  const ofRows: Located[] = [];
  for (const line of linesIn(document, range)) {
    const isAlone = line.text.length <= longest && (layout === 'lines' || looksLikeRow(line));
    const found = isAlone ? responsesInPiece(line, range) : [];
    if (layout === 'document') ofRows.push(...found);
    yield found;
  }
  if (layout === 'lines' || document.length > longest) return;
  const found = responsesInPiece({ text: document.whole(), start: 0 }, range);
  // What a line says by itself is so.
  const starts = new Set(ofRows.map(({ start }) => start));
  yield found.filter(({ start }) => !starts.has(start));
}

function responsesInPiece(piece: Line, range: TextRange): Located[] {
  const read = (): Located[] =>
    [...valuesOf(piece, range.end)].flatMap(({ root, text, start }) => {
      if (start + root.length < range.start) return [];
      readEncoded(root, text);
      const inside = { start: range.start - start, end: range.end - start };
      return responsesInTree(root, text, inside).map((found) => movedBy(found, start));
    });
  return unlessTooDeep(read, () => []);
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

function valueAt(piece: Line, offset: number): Value | undefined {
  for (const value of valuesOf(piece, offset)) {
    if (offset <= value.start + value.root.length) return value;
  }
  return undefined;
}

/** The values that begin up to an offset. Text before the first value and between values is passed over. */
function* valuesOf(piece: Line, until: number): Generator<Value> {
  for (let from = nextValue(piece.text, 0); piece.start + from <= until; ) {
    const text = piece.text.slice(from);
    const root = parseJson(text);
    if (root === undefined) return;
    yield { text, start: piece.start + from, root };
    from = nextValue(piece.text, from + Math.max(1, root.length));
  }
}

function nextValue(text: string, from: number): number {
  const next = text.slice(from).search(/[[{]/);
  return next < 0 ? Number.POSITIVE_INFINITY : from + next;
}

function textOf(piece: Line, range: TextRange): string {
  return piece.text.slice(range.start - piece.start, range.end - piece.start);
}
