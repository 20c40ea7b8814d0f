/** What a dataset's files are made of, as the view "Dataset" shows it. */

import type { ParquetLayout } from '../core/datasets/dataset.ts';

export interface FileDetails {
  readonly name: string;
  readonly bytes: number;
  readonly rowCount: number;
  readonly parquet?: ParquetLayout;
}

export interface DatasetDetails {
  /** The first of them, at most `FILES_SHOWN`. */
  readonly files: readonly FileDetails[];
  readonly allFiles: number;
  /** Key-value metadata of the first file, long values cut. */
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  /** Why going through the rows is slow here, where rewriting the file would help. */
  readonly slowBrowsing?: string;
}

export const FILES_SHOWN = 200;
export const METADATA_CHARS = 2_000;
