/** What the files of a dataset are made of. */

import path from 'node:path';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { type DatasetDetails, FILES_SHOWN, METADATA_CHARS } from '../../protocol/dataset-details.ts';

/** A row group of more rows than this has to be walked through before its first far row is found. */
const HUGE_GROUP_ROWS = 200_000;

export function detailsOf({ files }: Dataset): DatasetDetails {
  const huge = files.some(({ parquet }) => parquet && !parquet.pageIndex && parquet.largestRowGroup > HUGE_GROUP_ROWS);
  const metadata = Object.entries(files[0]?.parquet?.metadata ?? {});
  return {
    files: files.slice(0, FILES_SHOWN).map(({ path: file, bytes, rowCount, parquet }) => ({
      name: path.basename(file),
      bytes,
      rowCount,
      ...(parquet && { parquet }),
    })),
    allFiles: files.length,
    metadata: metadata.map(([key, value]) => ({ key, value: value.slice(0, METADATA_CHARS) })),
    ...(huge && {
      slowBrowsing:
        'A row group of this file is huge and has no page index: going to a far row walks through its pages first, and other tools read it whole.',
    }),
  };
}
