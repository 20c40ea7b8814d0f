/**
 * Text files (JSONL, JSON, CSV) as the table `cells`, filled once through our own readers: what is a row, its number and
 * its values are by construction what the viewer shows, malformed lines, odd CSV and compression included.
 */

import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { Dataset } from '../datasets/dataset.ts';
import { type Kind, kindOf, OtherKind, storedValue } from '../datasets/kinds.ts';
import { refuseAborted } from './connections.ts';
import type { DuckDb } from './duckdb.ts';
import type { RowUnit, SourceRows } from './source-rows.ts';

/** Rows of one of DuckDB's data chunks, at most. */
const CHUNK_ROWS = 2_048;
/** Rows of one of DuckDB's row groups. */
const UNIT_ROWS = 122_880;

export interface Loading {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

export async function loadedRows(
  duckDb: DuckDb,
  connection: DuckDBConnection,
  dataset: Dataset,
  loading: Loading,
): Promise<SourceRows> {
  const kinds = dataset.columns.map(kindOf);
  for (;;) {
    try {
      return await load(duckDb, connection, dataset, kinds, loading);
    } catch (error) {
      if (!(error instanceof OtherKind)) throw error;
      kinds[error.column] = error.kind;
    }
  }
}

async function load(
  duckDb: DuckDb,
  connection: DuckDBConnection,
  dataset: Dataset,
  kinds: readonly Kind[],
  { signal, onProgress }: Loading,
): Promise<SourceRows> {
  const { UINTEGER, VARCHAR, BIGINT, HUGEINT, DOUBLE, BOOLEAN, LIST } = duckDb;
  const stored: Record<Kind, DuckDBType> = {
    text: VARCHAR,
    integer: BIGINT,
    huge: HUGEINT,
    float: DOUBLE,
    boolean: BOOLEAN,
    json: VARCHAR,
  };
  const nested = kinds.flatMap((kind, column) => (kind === 'json' ? [column] : []));
  const declared = [
    'r UINTEGER',
    ...kinds.map((kind, column) => `c${column} ${kind === 'json' ? 'JSON' : stored[kind]}`),
    ...nested.map((column) => `leaves${column} VARCHAR[]`),
  ];
  await connection.run(`CREATE OR REPLACE TABLE cells (${declared.join(', ')})`);
  const types = [UINTEGER, ...kinds.map((kind) => stored[kind]), ...nested.map(() => LIST(VARCHAR))];
  const appender = await connection.createAppender('cells');
  try {
    for await (const { start, rows } of dataset.read({ start: 0, end: dataset.rowCount }, signal)) {
      for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
        refuseAborted(signal);
        const part = rows.slice(from, from + CHUNK_ROWS);
        const chunk = duckDb.DuckDBDataChunk.create(types);
        chunk.setColumns([
          part.map((_, index) => start + from + index),
          ...kinds.map((kind, column) => part.map((row) => storedValue(kind, row[column], column))),
          ...nested.map((column) => part.map((row) => duckDb.listValue(textsInside(row[column])))),
        ]);
        appender.appendDataChunk(chunk);
      }
      onProgress?.((start + rows.length) / Math.max(1, dataset.rowCount));
    }
    appender.flushSync();
  } finally {
    closeQuietly(appender);
  }
  return source(connection, dataset, kinds);
}

/** After a failed append its closing fails for the same reason again. */
function closeQuietly(appender: { closeSync(): void }): void {
  try {
    appender.closeSync();
  } catch {
    // The first failure is on its way to whoever asked.
  }
}

async function source(connection: DuckDBConnection, dataset: Dataset, kinds: readonly Kind[]): Promise<SourceRows> {
  const cells = kinds.map((_, column) => `c${column}`);
  const result = await connection.run(`SELECT ${['r', ...cells].join(', ')} FROM cells LIMIT 0`);
  const units: RowUnit[] = [];
  for (let first = 0; first < dataset.rowCount; first += UNIT_ROWS) {
    units.push({ file: 0, first, end: Math.min(dataset.rowCount, first + UNIT_ROWS) });
  }
  return {
    rowCount: dataset.rowCount,
    types: result.columnTypes().slice(1),
    leaves: kinds.map((kind, column) => (kind === 'json' ? `leaves${column}` : undefined)),
    units,
    window(ranges) {
      const first = ranges[0]!.first;
      const end = ranges.at(-1)!.end;
      return { rows: end - first, from: `(SELECT * FROM cells WHERE r BETWEEN ${first} AND ${end - 1}) AS cells` };
    },
  };
}

/** The texts inside a value, in order; names of fields are not among them. */
function textsInside(value: unknown): string[] {
  const texts: string[] = [];
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'object' && next !== null) waiting.push(...Object.values(next).reverse());
  }
  return texts;
}
