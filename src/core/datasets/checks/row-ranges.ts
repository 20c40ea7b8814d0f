/** How the rows of a dataset are shared out among threads: in contiguous ranges, joined in their order. */

import type { Dataset } from '../dataset.ts';
import type { CheckDeclaration } from './check.ts';
import { threadCount } from './range-threads.ts';
import type { LinesOfFile, RowsOfDataset } from './row-range.ts';

/** Several ranges a thread, so that none waits long for another one on a busy machine. */
const RANGES_PER_THREAD = 4;

/** Of a Parquet file: every thread holds a row group, unpacked, and larger ones take more memory than they save time. */
const MOST_GROUP_BYTES = 16 * 2 ** 20;

export function canBeJoined(checks: readonly CheckDeclaration[]): boolean {
  return checks.every(({ seesEveryRow }) => seesEveryRow !== true);
}

/** None where the dataset is small, or cannot be opened in parts. */
export function rowRanges({ name, kind, files, rowCount, reopen }: Dataset, fromBytes: number): RowsOfDataset[] {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (reopen === undefined || bytes < fromBytes) return [];
  const groups = files.reduce((sum, file) => sum + (file.parquet?.rowGroups ?? 0), 0);
  if (kind === 'parquet' && bytes / groups > MOST_GROUP_BYTES) return [];
  // A row group that two ranges share is decoded twice.
  const count = kind === 'parquet' ? Math.min(threadCount(), groups) : threadCount() * RANGES_PER_THREAD;
  return split(rowCount, count).map((range) => ({ kind: 'rows', name, files: reopen, ...range }));
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
