/** Where the grid's cells come from: rows by their position in the order shown. */

import type { Column } from '../../../src/core/datasets/dataset.ts';
import type { Outcome, Problem, RowsPage } from '../../../src/protocol/dataset-viewer.ts';

export interface CellsRequest {
  /** Positions, zero-based; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly firstColumn: number;
  readonly columns: number;
}

export interface GridSource {
  readonly columns: readonly Column[];
  /** Rows shown: those of the dataset, or those that a filter left. */
  readonly rowCount: number;
  /** The number that a row has in the dataset. */
  rowAt(position: number): number;
  /** Where a row of the dataset is shown; undefined where it is not. */
  positionOf(row: number): number | undefined;
  /** The page's `start` is the request's. */
  cells(request: CellsRequest, signal: AbortSignal): Promise<Outcome<RowsPage, Problem>>;
}
