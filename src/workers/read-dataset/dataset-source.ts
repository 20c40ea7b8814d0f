/** Where the dataset of this process is. */

import path from 'node:path';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { openDataset } from '../../core/datasets/open.ts';
import { pageIndexFolder } from '../../core/datasets/readers/parquet/index-folder.ts';

export interface DatasetSource {
  readonly name: string;
  /** Its rows are fetched when they are asked for, so that nothing may ask for all of them. */
  readonly remote: boolean;
  open(signal: AbortSignal): Promise<Dataset>;
}

export function localSource(file: string): DatasetSource {
  return {
    name: path.basename(file),
    remote: false,
    open: (signal) => openDataset(file, signal, { indexFolder: pageIndexFolder() }),
  };
}
