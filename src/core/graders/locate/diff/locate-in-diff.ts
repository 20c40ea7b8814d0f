/** The response at a position of a diff: found in the text of the side under it, as in a file of that name. */

import { type DocumentText, documentText, isReadable, selectedResponse } from '../document-text.ts';
import type { DocumentFormat } from '../languages.ts';
import { formatOfFile } from '../languages.ts';
import { type Located, movedBy, type TextRange } from '../located.ts';
import { diffSideAt } from './diff-side.ts';

export type LocateIn = (
  format: DocumentFormat | undefined,
  document: DocumentText,
  offset: number,
  selection: TextRange | undefined,
) => Located | undefined;

/** A hunk may begin inside an object: then the bracket that it lacks stands before it. */
const LACKING: Partial<Record<DocumentFormat, string>> = {
  json: '{',
  python: '{',
  javascript: '({',
  'javascript-jsx': '({',
  typescript: '({',
  'typescript-jsx': '({',
};

export function locateInDiff(
  document: DocumentText,
  offset: number,
  selection: TextRange | undefined,
  locateIn: LocateIn,
): Located | undefined {
  if (!isReadable(document.length)) return selection && selectedResponse(document, selection);
  const side = diffSideAt(document.whole(), selection?.start ?? offset);
  const format = side && formatOfFile(side.file);
  if (side === undefined || format === undefined || format === 'diff') {
    return selection && selectedResponse(document, selection);
  }
  const at = side.textOffset(offset);
  const selected = selection && { start: side.textOffset(selection.start), end: side.textOffset(selection.end) };
  const read = (before: string): Located | undefined => {
    const by = before.length;
    const range = selected && { start: selected.start + by, end: selected.end + by };
    const found = locateIn(format, documentText(before + side.text), at + by, range);
    return found && movedBy(found, -by);
  };
  const lacking = LACKING[format];
  const whole = read('');
  const found = whole?.promptKnown || lacking === undefined ? whole : (promptKnown(read(lacking)) ?? whole);
  const pieces = found && side.pieces(found);
  const [first, last] = [pieces?.[0], pieces?.at(-1)];
  if (found === undefined || pieces === undefined || first === undefined || last === undefined) return undefined;
  return { ...found, start: first.start, end: last.end, ...(pieces.length > 1 ? { pieces } : {}) };
}

const promptKnown = (found: Located | undefined): Located | undefined => (found?.promptKnown ? found : undefined);
