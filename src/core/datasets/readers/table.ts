/** Rows already in memory, as a reader. */

import { type Column, type FileKind, type FileReader, NO_MALFORMED_LINES, type RowBatch } from '../dataset.ts';

const BATCH_ROWS = 5_000;

export interface Table {
  readonly kind: FileKind;
  readonly path: string;
  readonly bytes: number;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** All cells of one row, in the order of `columns`. */
  cells(row: number): readonly unknown[];
}

export function tableReader(table: Table): FileReader {
  return {
    kind: table.kind,
    columns: table.columns,
    rowCount: table.rowCount,
    malformed: NO_MALFORMED_LINES,
    file: { path: table.path, bytes: table.bytes, rowCount: table.rowCount },
    async *read(range, signal): AsyncGenerator<RowBatch> {
      const end = Math.min(range.end, table.rowCount);
      for (let start = range.start; start < end; start += BATCH_ROWS) {
        signal?.throwIfAborted();
        const rows = Array.from({ length: Math.min(BATCH_ROWS, end - start) }, (_, offset) => {
          const cells = table.cells(start + offset);
          return range.columns ? range.columns.map((column) => cells[column] ?? null) : cells;
        });
        yield { start, rows };
      }
    },
    close: async () => {},
  };
}
