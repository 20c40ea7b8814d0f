/** Rows spread over a dataset, to recognise it by. */

import type { Dataset } from './dataset.ts';

const FIRST_ROWS = 100;
const MIDDLE_ROWS = 50;
const LAST_ROWS = 50;

export interface SampledRow {
  readonly row: number;
  /** All cells, in the order of the dataset's columns. */
  readonly cells: readonly unknown[];
}

/** The first 100 rows, 50 from the middle and the last 50; all rows of a small dataset. */
export async function sampleRows(dataset: Dataset, signal?: AbortSignal): Promise<SampledRow[]> {
  const sampled: SampledRow[] = [];
  for (const { start, end } of windowsOf(dataset.rowCount)) {
    for await (const batch of dataset.read({ start, end, forward: true }, signal)) {
      batch.rows.forEach((cells, offset) => {
        sampled.push({ row: batch.start + offset, cells });
      });
    }
  }
  return sampled;
}

function windowsOf(rows: number): { start: number; end: number }[] {
  if (rows <= FIRST_ROWS + MIDDLE_ROWS + LAST_ROWS) return [{ start: 0, end: rows }];
  const middle = Math.max(FIRST_ROWS, Math.floor((rows - MIDDLE_ROWS) / 2));
  return [
    { start: 0, end: FIRST_ROWS },
    { start: middle, end: Math.min(middle + MIDDLE_ROWS, rows - LAST_ROWS) },
    { start: rows - LAST_ROWS, end: rows },
  ].filter(({ start, end }) => start < end);
}
