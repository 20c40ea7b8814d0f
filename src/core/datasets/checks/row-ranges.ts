/** How the rows of a dataset are shared out among threads: in contiguous ranges, joined in their order. */

import { threadCount } from '../../ordered-threads.ts';
import type { Dataset, DatasetFile } from '../dataset.ts';
import type { CheckDeclaration } from './check.ts';
import type { LinesOfFile, RowsOfDataset } from './row-range.ts';

/** Many ranges a thread: none waits long for another one on a busy machine, and what a range was found to hold stays small. */
const RANGES_PER_THREAD = 12;

/**
 * Of a Parquet file: every thread may have to hold a row group, unpacked, and larger ones take more memory than they save
 * time; but large pages of snappy are read in parts, and with a page index there are none.
 */
const MOST_GROUP_BYTES = 16 * 2 ** 20;

export function canBeJoined(checks: readonly CheckDeclaration[]): boolean {
  return checks.every(({ seesEveryRow }) => seesEveryRow !== true);
}

/** None where the dataset is small, or cannot be opened in parts. */
export function rowRanges({ name, kind, files, rowCount, reopen }: Dataset, fromBytes: number): RowsOfDataset[] {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (reopen === undefined || bytes < fromBytes) return [];
  const count = threadCount() * RANGES_PER_THREAD;
  if (kind === 'parquet' && !files.every(readsInParts)) return [];
  const ranges = kind === 'parquet' ? splitAt(groupEnds(files), count) : split(rowCount, count);
  return ranges.map((range) => ({ kind: 'rows', name, files: reopen, ...range }));
}

function readsInParts({ bytes, parquet }: DatasetFile): boolean {
  if (!parquet || bytes / parquet.rowGroups <= MOST_GROUP_BYTES) return true;
  return parquet.pageIndex || parquet.codecs.every((codec) => codec === 'SNAPPY');
}

/** Where row groups end, as they are of one size but for the last of a file; one that two ranges share is decoded twice. */
function groupEnds(files: readonly DatasetFile[]): number[] {
  const ends: number[] = [];
  let start = 0;
  for (const { rowCount, parquet } of files) {
    const step = Math.max(1, parquet?.largestRowGroup ?? rowCount);
    for (let end = step; end < rowCount; end += step) ends.push(start + end);
    start += rowCount;
    ends.push(start);
  }
  return ends;
}

/** Ranges of about as many parts each. @param ends where each part ends, ascending */
function splitAt(ends: readonly number[], count: number): { start: number; end: number }[] {
  return split(ends.length, count)
    .map(({ start, end }) => ({ start: ends[start - 1] ?? 0, end: ends[end - 1]! }))
    .filter(({ start, end }) => start < end);
}

export function lineRanges(file: string, bytes: number): LinesOfFile[] {
  return split(bytes, threadCount() * RANGES_PER_THREAD).map((range) => ({ kind: 'lines', file, ...range }));
}

/** Ranges of about the same length that together are 0 to `length`; empty ones are left out. */
export function split(length: number, count: number): { start: number; end: number }[] {
  const cut = (index: number) => Math.floor((length * index) / count);
  return Array.from({ length: count }, (_, index) => ({ start: cut(index), end: cut(index + 1) })).filter(
    ({ start, end }) => start < end,
  );
}
