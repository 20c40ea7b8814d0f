/** What a key does in the table. */

import { PAGE_ROWS } from '../../src/protocol/dataset-viewer.ts';

/** What of a keyboard event counts. */
interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * The row that a key moves to (it may lie outside the dataset), 'open' to show the current row, or undefined.
 * Arrows move by a row, Page keys by a page, Home and End within the page, with Ctrl (or Command) within the dataset.
 */
export function moveOf(event: Key, row: number, rowCount: number): number | 'open' | undefined {
  if (event.altKey || event.shiftKey) return undefined;
  const far = event.ctrlKey || event.metaKey;
  const first = row - (row % PAGE_ROWS);
  switch (event.key) {
    case 'Home':
      return far ? 0 : first;
    case 'End':
      return far ? rowCount - 1 : Math.min(first + PAGE_ROWS, rowCount) - 1;
  }
  if (far) return undefined;
  switch (event.key) {
    case 'ArrowDown':
      return row + 1;
    case 'ArrowUp':
      return row - 1;
    case 'PageDown':
      return row + PAGE_ROWS;
    case 'PageUp':
      return row - PAGE_ROWS;
    case 'Enter':
    case ' ':
      return 'open';
    default:
      return undefined;
  }
}
