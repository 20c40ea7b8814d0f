/** The text of cells for the clipboard, from whole values. */

import { cellAsText, columnAsText, rowAsText } from '../../core/datasets/copy-cells.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { type CopiedText, type CopyRequest, MOST_COPIED_CHARS } from '../../protocol/dataset-copy.ts';

export async function copyCells(dataset: Dataset, request: CopyRequest, signal: AbortSignal): Promise<CopiedText> {
  const { what, format, row, column, columns } = request;
  if (what === 'column') return copyColumn(dataset, request, signal);
  const wanted = what === 'cell' ? [column] : columns;
  for await (const { rows } of dataset.read({ start: row, end: row + 1, columns: wanted }, signal)) {
    const [cells = []] = rows;
    if (what === 'cell') return { text: cellAsText(cells[0], format) };
    return {
      text: rowAsText(
        cells,
        wanted.flatMap((index) => dataset.columns[index] ?? []),
        format,
      ),
    };
  }
  return { text: '' };
}

async function copyColumn(dataset: Dataset, { column, format }: CopyRequest, signal: AbortSignal): Promise<CopiedText> {
  const cells: unknown[] = [];
  let chars = 0;
  const name = dataset.columns[column]?.name ?? '';
  for await (const { rows } of dataset.read({ start: 0, end: dataset.rowCount, columns: [column] }, signal)) {
    for (const [cell] of rows) {
      chars += cellAsText(cell, format).length + 1;
      if (chars > MOST_COPIED_CHARS) return { text: columnAsText(cells, name, format), cutAt: cells.length };
      cells.push(cell);
    }
  }
  return { text: columnAsText(cells, name, format) };
}
