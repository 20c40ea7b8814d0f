/** Reads a Parquet file lazily: the footer once, then the bytes of the rows asked for. */

import { type Compressors, type FileMetaData, parquetMetadataAsync, parquetRead, type RowGroup } from 'hyparquet';
import { StudioError, toStudioError } from '../../errors.ts';
import { type FileReader, NO_MALFORMED_LINES, type ParquetLayout, type RowBatch, type RowRange } from '../dataset.ts';
import { openParquetBytes, type ParquetBytes } from './parquet-bytes.ts';
import { parquetCompressors } from './parquet-codecs.ts';
import { parquetColumns, withPositionalNames } from './parquet-schema.ts';
import { PARSERS, plainValue } from './parquet-values.ts';

/** Uncompressed bytes that one batch may hold, where the file lets us read so few. */
const BATCH_BYTES = 32 * 2 ** 20;
const BATCH_ROWS = 5_000;
const SMALL_CHUNK_BYTES = 2 * 2 ** 20;

/** @throws StudioError for a file that is missing, not Parquet, cut off, encrypted or damaged */
export async function openParquet(file: string): Promise<FileReader> {
  const { handle, bytes } = await openParquetBytes(file);
  try {
    const { columns, rowCount, layout, metadata } = await readFooter(file, bytes);
    const compressors = await parquetCompressors();
    return {
      kind: 'parquet',
      columns,
      rowCount,
      malformed: NO_MALFORMED_LINES,
      file: { path: file, bytes: bytes.byteLength, rowCount, parquet: layout },
      read: (range, signal) => readRange({ file, bytes, metadata, compressors }, range, signal),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A damaged footer may parse into anything, so that every use of it counts as reading it. */
async function readFooter(file: string, bytes: ParquetBytes) {
  try {
    const metadata = await parquetMetadataAsync(bytes, { parsers: PARSERS, geoparquet: false });
    refuseEncryptedColumns(file, metadata);
    const counted = metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n);
    if (counted !== metadata.num_rows) throw new Error(`it says ${metadata.num_rows} rows, its row groups ${counted}`);
    return {
      columns: parquetColumns(metadata),
      rowCount: Number(metadata.num_rows),
      layout: layoutOf(metadata),
      metadata: withPositionalNames(metadata),
    };
  } catch (error) {
    throw toStudioError(error) ?? damaged(file, `The footer cannot be read (${reason(error)}).`, error);
  }
}

function refuseEncryptedColumns(file: string, metadata: FileMetaData): void {
  const chunks = metadata.row_groups.flatMap((group) => group.columns);
  if (!chunks.some((chunk) => chunk.crypto_metadata || chunk.encrypted_column_metadata)) return;
  throw new StudioError('encrypted-file', 'Columns of the Parquet file are encrypted.', {
    where: { file },
    hint: 'Write it again without encryption: keys are not supported.',
  });
}

function layoutOf(metadata: FileMetaData): ParquetLayout {
  const chunks = metadata.row_groups.flatMap((group) => group.columns);
  const codecs = new Set(chunks.flatMap((chunk) => (chunk.meta_data ? [chunk.meta_data.codec] : [])));
  return {
    rowGroups: metadata.row_groups.length,
    largestRowGroup: metadata.row_groups.reduce((most, group) => Math.max(most, Number(group.num_rows)), 0),
    codecs: [...codecs].sort(),
    pageIndex: chunks.some(hasOffsetIndex) && chunks.every(readsInParts),
    ...(metadata.created_by === undefined ? {} : { createdBy: metadata.created_by }),
  };
}

interface OpenFile {
  readonly file: string;
  readonly bytes: ParquetBytes;
  readonly metadata: FileMetaData;
  readonly compressors: Compressors;
}

async function* readRange(source: OpenFile, range: RowRange, signal?: AbortSignal): AsyncGenerator<RowBatch> {
  const columns =
    range.columns ?? Array.from({ length: source.metadata.schema[0]?.num_children ?? 0 }, (_, index) => index);
  let groupStart = 0;
  for (const group of source.metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    const start = Math.max(range.start, groupStart);
    const end = Math.min(range.end, groupEnd);
    for (const window of windows(group, columns, start, end)) {
      const rows = await readRows(source, columns, window, signal);
      for (let offset = 0; offset < rows.length; offset += BATCH_ROWS) {
        signal?.throwIfAborted();
        yield { start: window.start + offset, rows: rows.slice(offset, offset + BATCH_ROWS) };
      }
    }
    groupStart = groupEnd;
  }
}

/**
 * What to decode at once. With a page index, as many rows as fit the batch size; without one every read costs the whole
 * column chunk, so that reading it once is all that can be done.
 */
function* windows(group: RowGroup, columns: readonly number[], start: number, end: number) {
  if (start >= end) return;
  const wanted = new Set(columns.map(String));
  const chunks = group.columns.filter((chunk) => wanted.has(chunk.meta_data?.path_in_schema[0] ?? ''));
  const bytes = chunks.reduce((sum, chunk) => sum + Number(chunk.meta_data?.total_uncompressed_size ?? 0), 0);
  const perRow = bytes / Math.max(1, Number(group.num_rows));
  const fitting = Math.max(100, Math.min(BATCH_ROWS, Math.floor(BATCH_BYTES / Math.max(1, perRow))));
  const step = chunks.every(readsInParts) ? fitting : end - start;
  for (let at = start; at < end; at += step) yield { start: at, end: Math.min(end, at + step) };
}

/** A small chunk is cheap to read whole; writers leave out the index of a chunk that is a single page. */
function readsInParts(chunk: RowGroup['columns'][number]): boolean {
  return hasOffsetIndex(chunk) || Number(chunk.meta_data?.total_uncompressed_size ?? 0) <= SMALL_CHUNK_BYTES;
}

function hasOffsetIndex(chunk: RowGroup['columns'][number]): boolean {
  return Boolean(chunk.offset_index_offset && chunk.offset_index_length);
}

async function readRows(
  source: OpenFile,
  columns: readonly number[],
  window: { start: number; end: number },
  signal?: AbortSignal,
): Promise<unknown[][]> {
  const names = columns.map(String);
  const file = {
    byteLength: source.bytes.byteLength,
    slice: async (start: number, end?: number) => {
      signal?.throwIfAborted();
      return source.bytes.slice(start, end);
    },
  };
  let rows: unknown[][] = [];
  if (names.length === 0) return Array.from({ length: window.end - window.start }, () => []);
  try {
    await parquetRead({
      file,
      metadata: source.metadata,
      compressors: source.compressors,
      columns: [...new Set(names)],
      rowStart: window.start,
      rowEnd: window.end,
      utf8: false,
      geoparquet: false,
      useOffsetIndex: true,
      parsers: PARSERS,
      onComplete: (found) => {
        rows = found;
      },
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (toStudioError(error)) throw toStudioError(error);
    throw damaged(source.file, `Rows ${window.start} to ${window.end - 1} cannot be read (${reason(error)}).`, error);
  }
  if (rows.length !== window.end - window.start) {
    throw damaged(source.file, `It should hold rows ${window.start} to ${window.end - 1}, but gives ${rows.length}.`);
  }
  const unique = [...new Set(names)];
  const order = names.map((name) => unique.indexOf(name));
  return rows.map((row) => order.map((index) => plainValue(row[index])));
}

function damaged(file: string, message: string, cause?: unknown): StudioError {
  return new StudioError('damaged-file', message, {
    where: { file },
    hint: 'The file is damaged or uses a feature that is not supported: copy it again, or write it with another program.',
    cause,
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
