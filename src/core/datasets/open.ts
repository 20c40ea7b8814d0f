/** Opens what a person names, a file, a folder or a glob of shards, as one dataset. */

import path from 'node:path';
import { StudioError } from '../errors.ts';
import {
  type Column,
  type Dataset,
  type FileReader,
  MALFORMED_LINES_KEPT,
  type Reopening,
  type RowBatch,
} from './dataset.ts';
import type { ParquetOptions } from './readers/parquet.ts';
import { findShards, kindOf, READABLE } from './shards.ts';

/**
 * Opens a dataset; close it when done. Zero rows are not an error here: what cannot work without rows says so.
 * @param name a file, a folder or a glob; several files must be of one kind with the same columns
 * @throws StudioError: file-not-found, permission-denied, empty-file, not-parquet, truncated-file, encrypted-file,
 *   damaged-file, unsupported-file; an abort is the signal's own error, which `toStudioError` knows as 'cancelled'
 */
export async function openDataset(name: string, signal?: AbortSignal, options?: ParquetOptions): Promise<Dataset> {
  const paths = await findShards(name);
  const readers: FileReader[] = [];
  try {
    for (const file of paths) {
      signal?.throwIfAborted();
      readers.push(await openFile(file, signal, options));
    }
    return joinShards(name, readers);
  } catch (error) {
    await closeAll(readers);
    throw error;
  }
}

/** Opens a dataset that is open elsewhere: in another thread, or where its rows have been found in parts. */
export async function reopenDataset(name: string, files: readonly Reopening[]): Promise<Dataset> {
  const readers: FileReader[] = [];
  try {
    for (const file of files) {
      if (file.kind === 'parquet') readers.push(await (await parquetReader()).openParquet(file.path));
      else readers.push(await (await jsonlReader()).openJsonl(file.path, undefined, file.index));
    }
    return joinShards(name, readers);
  } catch (error) {
    await closeAll(readers);
    throw error;
  }
}

// Each reader comes with its libraries, of which a process needs one.
const parquetReader = () => import('./readers/parquet.ts');
const arrowReader = () => import('./readers/arrow.ts');
const jsonlReader = () => import('./readers/jsonl.ts');
const jsonReader = () => import('./readers/json.ts');
const csvReader = () => import('./readers/csv.ts');

async function openFile(file: string, signal?: AbortSignal, options?: ParquetOptions): Promise<FileReader> {
  switch (kindOf(file)) {
    case 'parquet':
      return { ...(await (await parquetReader()).openParquet(file, options)), reopen: { kind: 'parquet', path: file } };
    case 'arrow':
      return (await arrowReader()).openArrow(file, signal);
    case 'jsonl':
      return (await jsonlReader()).openJsonl(file, signal);
    case 'json':
      return (await jsonReader()).openJson(file);
    case 'csv':
      return (await csvReader()).openCsv(file);
    case undefined:
      throw new StudioError('unsupported-file', `Files named *${path.extname(file)} cannot be read.`, {
        where: { file },
        hint: READABLE,
      });
  }
}

/** @throws StudioError where the files do not belong together */
export function joinShards(name: string, readers: readonly FileReader[]): Dataset {
  const [first] = readers;
  if (!first)
    throw new StudioError('file-not-found', 'No file is there.', { where: { file: name }, hint: 'Check the path.' });
  const columns = commonColumns(readers);
  const malformed = readers.flatMap((reader) => reader.malformed.first);
  const reopen = readers.flatMap((reader) => reader.reopen ?? []);
  return {
    name,
    ...(reopen.length === readers.length && { reopen }),
    kind: first.kind,
    files: readers.map((reader) => reader.file),
    columns,
    rowCount: readers.reduce((sum, reader) => sum + reader.rowCount, 0),
    malformed: {
      count: readers.reduce((sum, reader) => sum + reader.malformed.count, 0),
      first: malformed.slice(0, MALFORMED_LINES_KEPT),
    },
    async *read(range, signal): AsyncGenerator<RowBatch> {
      const wanted = range.columns ?? columns.map((_, index) => index);
      let shardStart = 0;
      for (const reader of readers) {
        const start = Math.max(0, range.start - shardStart);
        const end = Math.min(reader.rowCount, range.end - shardStart);
        if (start < end) {
          const places = wanted.map((column) => placeIn(reader, columns, column));
          const present = places.filter((place) => place >= 0);
          for await (const batch of reader.read({ ...range, start, end, columns: present }, signal)) {
            const complete = present.length === places.length;
            if (complete) yield movedBy(shardStart, batch);
            else yield { start: shardStart + batch.start, rows: batch.rows.map((row) => withNulls(row, places)) };
          }
        }
        shardStart += reader.rowCount;
      }
    },
    close: () => closeAll(readers),
  };
}

/**
 * Tables with a schema must agree on it. Objects (JSON, JSONL) may leave keys out, so their columns are the union.
 */
function commonColumns(readers: readonly FileReader[]): readonly Column[] {
  const [first, ...others] = readers;
  if (!first || others.length === 0) return first?.columns ?? [];
  if (first.kind === 'json' || first.kind === 'jsonl') {
    const union = new Map<string, Column>();
    for (const column of readers.flatMap((reader) => reader.columns)) {
      const known = union.get(column.name);
      const types = [...new Set([known?.type ?? column.type, column.type])].filter((type) => type !== 'null');
      union.set(column.name, { name: column.name, type: types.join(' | ') || 'null' });
    }
    return [...union.values()];
  }
  const schema = describeColumns(first.columns);
  for (const reader of others) {
    const other = describeColumns(reader.columns);
    if (other === schema) continue;
    throw new StudioError(
      'unsupported-file',
      `Its columns (${other}) are not those of ${first.file.path} (${schema}).`,
      {
        where: { file: reader.file.path },
        hint: 'Shards of one dataset have the same columns: name the files that belong together with a glob.',
      },
    );
  }
  return first.columns;
}

function describeColumns(columns: readonly Column[]): string {
  return columns.map((column) => `${column.name}: ${column.type}`).join(', ');
}

function placeIn(reader: FileReader, columns: readonly Column[], column: number): number {
  if (reader.columns.length === columns.length && reader.columns[column]?.name === columns[column]?.name) return column;
  return reader.columns.findIndex((own) => own.name === columns[column]?.name);
}

/** Without asking for the rows, which may be made only then. */
function movedBy(rows: number, batch: RowBatch): RowBatch {
  if (rows === 0) return batch;
  return {
    start: rows + batch.start,
    get rows() {
      return batch.rows;
    },
    ...(batch.texts && { texts: batch.texts }),
  };
}

function withNulls(row: readonly unknown[], places: readonly number[]): unknown[] {
  let next = 0;
  return places.map((place) => (place < 0 ? null : row[next++]));
}

async function closeAll(readers: readonly FileReader[]): Promise<void> {
  await Promise.all(readers.map((reader) => reader.close()));
}
