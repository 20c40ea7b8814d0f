/** A document's text as the locator asks for it: a line where a line is enough, the whole only where it must be. */

import type { Message } from '../../datasets/records.ts';
import { assistant, type Located, located, type TextRange } from './located.ts';

export interface Line {
  /** The line without its line break. */
  readonly text: string;
  /** Offset of its first character in the document, in UTF-16 code units. */
  readonly start: number;
}

/**
 * Access to a document. An editor answers `lineAt` and `slice` from its own line table, so that a position in a 40 MB
 * JSONL file costs one line; `whole` is asked for only by formats that span lines. Offsets are UTF-16 code units.
 */
export interface DocumentText {
  readonly length: number;
  lineAt(offset: number): Line;
  slice(start: number, end: number): string;
  whole(): string;
}

/** What is read at once, a document or a line, has at most so many UTF-16 code units: a hover does not wait for more. */
export const LARGEST_READ = 4_000_000;

export const isReadable = (length: number): boolean => length <= LARGEST_READ;

/** The lines that a range touches, in order. */
export function* linesIn(document: DocumentText, range: TextRange): Generator<Line> {
  for (let at = range.start; at <= range.end; ) {
    const line = document.lineAt(at);
    const end = line.start + line.text.length;
    // Between the two characters of a line break an editor is still in the line before.
    if (end >= at) yield line;
    at = Math.max(at, end) + 1;
  }
}

/** What is selected, as a response to nobody knows what where no prompt is given. */
export function selectedResponse(
  document: DocumentText,
  selection: TextRange,
  prompt: readonly Message[] = [],
): Located | undefined {
  const content = document.slice(selection.start, selection.end).replace(/\r\n?/g, '\n');
  return located(selection, assistant(content), { prompt });
}

/** The access to a text that is in memory anyway. */
export function documentText(text: string): DocumentText {
  return {
    length: text.length,
    lineAt: (offset) => lineOf(text, offset),
    slice: (start, end) => text.slice(start, end),
    whole: () => text,
  };
}

function lineOf(text: string, offset: number): Line {
  let start = offset;
  while (start > 0 && !isLineBreak(text.charCodeAt(start - 1))) start -= 1;
  let end = offset;
  while (end < text.length && !isLineBreak(text.charCodeAt(end))) end += 1;
  return { text: text.slice(start, end), start };
}

const isLineBreak = (code: number): boolean => code === 10 || code === 13;
