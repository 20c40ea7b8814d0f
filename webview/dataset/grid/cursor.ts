/** Where the keyboard is in the grid, and where a key takes it. */

import type { ShownColumn } from './column-layout.ts';

export interface Cursor {
  /** Position of the row in the order shown. */
  readonly position: number;
  /** Index of the column in the dataset. */
  readonly column: number;
}

/** What of a keyboard event counts. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export interface Extent {
  readonly rows: number;
  readonly pageRows: number;
  /** From left to right. */
  readonly columns: readonly ShownColumn[];
}

/**
 * The place a key moves to, or undefined where the key means something else. Arrows move by a cell, with Ctrl (or Command)
 * to the edge; Page keys by what is seen; Home and End within the row, with Ctrl to the first and last row.
 */
export function movedBy(event: Key, cursor: Cursor, { rows, pageRows, columns }: Extent): Cursor | undefined {
  if (event.altKey || event.shiftKey || rows === 0) return undefined;
  const far = event.ctrlKey || event.metaKey;
  const place = Math.max(
    0,
    columns.findIndex(({ index }) => index === cursor.column),
  );
  const toRow = (position: number) => ({ ...cursor, position: Math.max(0, Math.min(position, rows - 1)) });
  const toColumn = (at: number) => ({
    ...cursor,
    column: columns[Math.max(0, Math.min(at, columns.length - 1))]?.index ?? cursor.column,
  });
  switch (event.key) {
    case 'ArrowDown':
      return toRow(far ? rows - 1 : cursor.position + 1);
    case 'ArrowUp':
      return toRow(far ? 0 : cursor.position - 1);
    case 'ArrowRight':
      return toColumn(far ? columns.length - 1 : place + 1);
    case 'ArrowLeft':
      return toColumn(far ? 0 : place - 1);
    case 'PageDown':
      return far ? undefined : toRow(cursor.position + pageRows);
    case 'PageUp':
      return far ? undefined : toRow(cursor.position - pageRows);
    case 'Home':
      return far ? toRow(0) : toColumn(0);
    case 'End':
      return far ? toRow(rows - 1) : toColumn(columns.length - 1);
    default:
      return undefined;
  }
}
