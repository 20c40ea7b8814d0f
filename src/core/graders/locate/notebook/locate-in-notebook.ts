/**
 * The response at a position of a notebook's Markdown cell, where the conversation goes over several cells: what was asked
 * stands in one, the answer in the next. Cells of code between them are not read.
 */

import { documentText, isReadable } from '../document-text.ts';
import { locateResponse } from '../locate-response.ts';
import type { Located, TextRange } from '../located.ts';

/** Cells are paragraphs of their own. */
const BETWEEN = '\n\n';

/**
 * @param cells the texts of all Markdown cells, in order
 * @param index of the cell; `offset` and `selection` are in its text
 * @returns ranges in the text of the cell, which a response may go beyond: then it ends with the cell
 */
export function locateInNotebook(
  cells: readonly string[],
  index: number,
  offset: number,
  selection: TextRange | undefined,
): Located | undefined {
  const own = cells[index];
  const text = cells.join(BETWEEN);
  if (own === undefined || !isReadable(text.length)) return undefined;
  const before = cells.slice(0, index).reduce((sum, cell) => sum + cell.length + BETWEEN.length, 0);
  const found = locateResponse({
    text: documentText(text),
    language: 'markdown',
    offset: before + offset,
    selection: selection && { start: before + selection.start, end: before + selection.end },
  });
  return (
    found && {
      ...found,
      start: Math.max(0, found.start - before),
      end: Math.min(own.length, found.end - before),
    }
  );
}
