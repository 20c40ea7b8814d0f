/** The grid's header: names and types, widths changed by dragging an edge, order by dragging a name. */

import { button, element, icon } from '../elements.ts';
import { columnLabel, isNarrow } from '../text.ts';
import { LEAST_WIDTH, type ShownColumn } from './column-layout.ts';

export interface HeaderEvents {
  readonly onResize: (index: number, width: number) => void;
  /** Puts a column where the pointer let it go: before that one, or last. */
  readonly onMove: (index: number, before: number | undefined) => void;
  readonly onSort: (index: number) => void;
}

export interface HeaderState {
  /** The column that the rows are sorted by. */
  readonly sorted?: { readonly column: number; readonly descending: boolean };
  /** What stands under name and type of a column: how its values are distributed. */
  readonly distribution?: (index: number) => Element | undefined;
}

const DRAG_PIXELS = 6;

export class HeaderCells {
  readonly #events: HeaderEvents;

  constructor(events: HeaderEvents) {
    this.#events = events;
  }

  cell(column: ShownColumn, state: HeaderState): HTMLElement {
    const { index, name, type, width, pinned } = column;
    const sorted = state.sorted?.column === index ? state.sorted : undefined;
    const label = columnLabel(name);
    const cell = element(
      'div',
      {
        role: 'columnheader',
        class: isNarrow(type) ? 'head narrow' : 'head',
        'aria-colindex': index + 2,
        'aria-sort': sorted ? (sorted.descending ? 'descending' : 'ascending') : undefined,
        title: `${label}: ${type}`,
        'data-column': index,
        'data-vscode-context': JSON.stringify({
          webviewSection: 'column',
          column: index,
          pinned,
          preventDefaultContextMenuItems: true,
        }),
      },
      element(
        'div',
        { class: 'title' },
        element('bdi', { class: name === '' ? 'name absent' : 'name' }, label),
        sorted ? icon(sorted.descending ? 'down' : 'up') : undefined,
        button(
          `Menu of column ${label}`,
          () => openMenu(cell),
          { class: 'quiet menu', tabindex: -1 },
          icon('down-small'),
        ),
      ),
      element('bdi', { class: 'type' }, type),
    );
    const distribution = state.distribution?.(index);
    if (distribution) cell.append(distribution);
    cell.style.width = `${width}px`;
    cell.append(this.#edge(column));
    cell.addEventListener('pointerdown', (event) => this.#drag(event, cell, column));
    return cell;
  }

  #edge({ index, name, width }: ShownColumn): HTMLElement {
    const edge = element('div', {
      class: 'edge',
      role: 'separator',
      'aria-orientation': 'vertical',
      'aria-label': `Width of column ${columnLabel(name)}`,
      'aria-valuenow': width,
      'aria-valuemin': LEAST_WIDTH,
    });
    edge.addEventListener('pointerdown', (event) => {
      event.stopPropagation();
      event.preventDefault();
      edge.setPointerCapture(event.pointerId);
      const from = event.clientX;
      const onMove = (moved: PointerEvent) => this.#events.onResize(index, width + moved.clientX - from);
      window.addEventListener('pointermove', onMove);
      window.addEventListener('pointerup', () => window.removeEventListener('pointermove', onMove), { once: true });
    });
    return edge;
  }

  #drag(start: PointerEvent, cell: HTMLElement, { index }: ShownColumn): void {
    const onControl = start.target instanceof Element && start.target.closest('button, .edge') !== null;
    if (start.button !== 0 || onControl) return;
    const row = cell.parentElement;
    if (!row) return;
    let dragging = false;
    let before: number | undefined;
    const onMove = (event: PointerEvent) => {
      if (!dragging && Math.abs(event.clientX - start.clientX) < DRAG_PIXELS) return;
      dragging = true;
      cell.classList.add('dragged');
      const others = [...row.querySelectorAll<HTMLElement>('[role=columnheader][data-column]')];
      const next = others.find((other) => event.clientX < middleOf(other));
      for (const other of others) other.classList.toggle('drop-before', other === next);
      before = next ? Number(next.dataset.column) : undefined;
    };
    const onEnd = (event: PointerEvent) => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onEnd);
      window.removeEventListener('pointercancel', onEnd);
      cell.classList.remove('dragged');
      for (const other of row.querySelectorAll('.drop-before')) other.classList.remove('drop-before');
      if (event.type !== 'pointerup') return;
      if (!dragging) this.#events.onSort(index);
      else if (before !== index) this.#events.onMove(index, before);
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onEnd);
    window.addEventListener('pointercancel', onEnd);
  }
}

const middleOf = (element: HTMLElement): number => {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
};

/** VS Code opens its own menu for a context menu event, whoever made it. */
function openMenu(cell: HTMLElement): void {
  const { left, bottom } = cell.getBoundingClientRect();
  cell.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
  );
}
