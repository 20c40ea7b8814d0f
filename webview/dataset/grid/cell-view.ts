/** How a cell looks: its text over two lines, null and empty told apart, a conversation by its last turn. */

import type { TableCell } from '../../../src/protocol/dataset-viewer.ts';
import { element } from '../elements.ts';
import { counted, isNarrow } from '../text.ts';
import type { ShownColumn } from './column-layout.ts';

/** What fills two lines of rather narrow letters: more text would only be laid out to be cut off. */
const LINES = 2;
const NARROW_LETTER = 4;

/** A cell of a column without its text: every row gets a copy. */
export function cellTemplate(column: ShownColumn): HTMLElement {
  const cell = element('div', {
    role: 'gridcell',
    class: isNarrow(column.type) ? 'cell narrow' : 'cell',
    'aria-colindex': column.index + 2,
  });
  cell.style.width = `${column.width}px`;
  return cell;
}

/** Writes into a copy of the template. */
export function fillCell(view: Element, cell: TableCell, { width }: ShownColumn): void {
  if (cell === null || (cell.chars === 0 && cell.turns === undefined)) {
    view.classList.add('absent');
    view.textContent = cell === null ? 'null' : 'empty';
    return;
  }
  const letters = Math.ceil((width * LINES) / NARROW_LETTER);
  const shown = cell.chars > letters ? `${cell.text.slice(0, letters)}…` : cell.text;
  if (cell.turns === undefined) view.textContent = shown;
  else view.append(element('span', { class: 'turns' }, counted(cell.turns, 'turn')), ' ', element('bdi', {}, shown));
}
