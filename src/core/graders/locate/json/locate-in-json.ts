/** The response at a position of a JSON or JSON Lines text: the string under it, read by the shape of its row. */

import type { Message } from '../../../datasets/records.ts';
import { turnsBefore } from '../dialogue.ts';
import type { DocumentText, Line } from '../document-text.ts';
import { assistant, type Located, located, type TextRange, trimmedRange } from '../located.ts';
import { decodeEscapes, wholeCharacters } from './escapes.ts';
import { decodedJson } from './messages.ts';
import { promptOfRow } from './prompt.ts';
import { passagesOfRow, type RowPassage } from './responses.ts';
import { insideOf, isString, type Node, parseJson, valuesAround } from './tree.ts';

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
    return located(selection, assistant(document.slice(selection.start, selection.end)), { prompt: [] });
  }
  const alone =
    layout === 'lines' || looksLikeRow(line, selection) ? locateInPiece(line, offset, selection) : undefined;
  if (layout === 'lines' || (alone !== undefined && (selection === undefined || alone.promptKnown))) return alone;
  return locateInPiece({ text: document.whole(), start: 0 }, offset, selection);
}

/** Many `.json` files hold one row a line: such a line is enough, and errors on other lines cannot spoil it. */
function looksLikeRow(line: Line, selection?: TextRange): boolean {
  if (selection !== undefined && selection.end > line.start + line.text.length) return false;
  return /^\[?\{/.test(line.text) && /\}\s*\]?,?\s*$/.test(line.text.slice(-16));
}

function locateInPiece(piece: Line, offset: number, selection?: TextRange): Located | undefined {
  const value = valueAt(piece, selection?.start ?? offset);
  if (value === undefined) {
    return selection && located(selection, assistant(textOf(piece, selection)), { prompt: [] });
  }
  const { path, text, start } = value;
  const found =
    selection === undefined
      ? responseIn(path, text)
      : selectionIn(path, text, { start: selection.start - start, end: selection.end - start });
  return found && { ...found, start: found.start + start, end: found.end + start };
}

interface Value extends Line {
  /** The values around the offset, from the root to the innermost; their positions count from `start`. */
  readonly path: Node[];
}

/** The value around an offset. Text before the first value and between values is passed over. */
function valueAt(piece: Line, offset: number): Value | undefined {
  for (let from = nextValue(piece.text, 0); piece.start + from <= offset; ) {
    const text = piece.text.slice(from);
    const root = parseJson(text);
    if (root === undefined) return undefined;
    const start = piece.start + from;
    if (offset <= start + root.length) return { text, start, path: valuesAround(root, offset - start) };
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

function responseIn(path: readonly Node[], text: string): Located | undefined {
  const literal = path.at(-1);
  const passage = isString(literal) ? passageIn(path, literal) : undefined;
  return passage?.isResponse ? located(insideOf(passage.literal, text), passage.response, passage) : undefined;
}

/** The passage that a literal is. Outer values come first: they know more of the conversation than inner ones. */
function passageIn(path: readonly Node[], literal: Node): RowPassage | undefined {
  for (const row of path) {
    const passage = passagesOfRow(row).find((candidate) => candidate.literal === literal);
    if (passage !== undefined) return passage;
  }
  return undefined;
}

/** The selected text as the response; a selection of a whole response is that response. */
function selectionIn(path: readonly Node[], text: string, selection: TextRange): Located | undefined {
  const literal = path.at(-1);
  if (!isString(literal) || selection.end > literal.offset + literal.length) {
    return located(selection, assistant(text.slice(selection.start, selection.end)), { prompt: promptAround(path) });
  }
  const inside = insideOf(literal, text);
  const content = trimmedRange(text.slice(inside.start, inside.end), inside.start);
  if (content === undefined) return undefined;
  const isWhole = selection.start <= content.start && selection.end >= content.end;
  const whole = isWhole ? responseIn(path, text) : undefined;
  if (whole !== undefined) return whole;
  const part = wholeCharacters(text, inside, {
    start: Math.max(selection.start, inside.start),
    end: Math.min(selection.end, inside.end),
  });
  return selectedPart(path, literal, text, inside, part);
}

function selectedPart(
  path: readonly Node[],
  literal: Node & { readonly value: string },
  text: string,
  inside: TextRange,
  part: TextRange,
): Located | undefined {
  const passage = passageIn(path, literal);
  const decoded = decodeEscapes(text.slice(part.start, part.end));
  const isEncoded = passage !== undefined && decodedJson(literal.value) !== undefined;
  const before = decodeEscapes(text.slice(inside.start, part.start));
  const prompt = passage === undefined ? promptAround(path) : promptBefore(passage, literal.value, before.length);
  return located(part, assistant(isEncoded ? decodeEscapes(decoded) : decoded), { prompt, field: passage?.field });
}

/** In a dialogue text, what precedes the turn that holds the position; elsewhere the prompt of the passage. */
function promptBefore(passage: RowPassage, text: string, position: number): readonly Message[] {
  const turns = turnsBefore(text, position);
  return turns === undefined ? passage.prompt : turns;
}

/** The prompt of the outermost row that has one. */
function promptAround(path: readonly Node[]): readonly Message[] {
  return path.map(promptOfRow).find((prompt) => prompt.length > 0) ?? [];
}
