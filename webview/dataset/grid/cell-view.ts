/** How a cell looks: its text over two lines, null and empty told apart, a conversation by its last turn. */

import type { TableCell } from '../../../src/protocol/dataset-viewer.ts';
import { element } from '../elements.ts';
import { counted, isNarrow } from '../text.ts';
import type { ShownColumn } from './column-layout.ts';

/** What fills two lines of rather narrow letters: more text would only be laid out to be cut off. */
const LINES = 2;
const NARROW_LETTER = 4;

export function cellView(cell: TableCell, column: ShownColumn): HTMLElement {
  const view = element('div', {
    role: 'gridcell',
    class: isNarrow(column.type) ? 'cell narrow' : 'cell',
    'aria-colindex': column.index + 2,
  });
  view.style.width = `${column.width}px`;
  view.append(contentOf(cell, Math.ceil((column.width * LINES) / NARROW_LETTER)));
  return view;
}

function contentOf(cell: TableCell, letters: number): HTMLElement {
  if (cell === null) return element('div', { class: 'absent' }, 'null');
  if (cell.chars === 0 && cell.turns === undefined) return element('div', { class: 'absent' }, 'empty');
  const shown = cell.chars > letters ? `${cell.text.slice(0, letters)}…` : cell.text;
  // `dir=auto` on a block: text of any direction stays inside its own cell.
  const lines = element('div', { class: 'lines', dir: 'auto' });
  if (cell.turns === undefined) lines.append(shown);
  else lines.append(element('span', { class: 'turns' }, counted(cell.turns, 'turn')), ' ', element('bdi', {}, shown));
  return lines;
}
