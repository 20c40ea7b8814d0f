/** Reads a dataset as canonical records. A row that cannot be used is reported in its place and the rest goes on. */

import type { Dataset } from './dataset.ts';
import type { BoundFormat } from './formats/bound-format.ts';
import type { RowProblem } from './formats/row-problem.ts';
import type { TrainingRecord } from './records.ts';

export type { RowProblem, RowProblemCode } from './formats/row-problem.ts';

/** One record or problem of a row; a row may hold several records. `row` is zero-based. */
export type ReadRecord =
  | { readonly row: number; readonly record: TrainingRecord; readonly problem?: never }
  | { readonly row: number; readonly problem: RowProblem; readonly record?: never };

/** @param format from `chooseFormat(recognition, method)` or `recognition.candidates[0].format` */
export async function* readRecords(
  dataset: Dataset,
  format: BoundFormat,
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ReadRecord> {
  const range = { start: 0, end: dataset.rowCount, columns: format.columns, forward: true };
  for await (const batch of dataset.read(range, options.signal)) {
    for (const [offset, cells] of batch.rows.entries()) {
      const row = batch.start + offset;
      for (const result of format.interpret(cells)) yield { row, ...result };
    }
  }
}
