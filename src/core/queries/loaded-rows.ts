/**
 * Text files (JSONL, JSON, CSV) as the table `cells`, filled once through our own readers: what is a row, its number and
 * its values are by construction what the viewer shows, malformed lines, odd CSV and compression included.
 */

import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Column, Dataset } from '../datasets/dataset.ts';
import { StudioError } from '../errors.ts';
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

/** `huge` are integers of up to 128 bits. */
type Kind = 'text' | 'integer' | 'huge' | 'float' | 'boolean' | 'json';

/** A value is not of the kind that its column was made for. */
class OtherKind extends Error {
  constructor(
    readonly column: number,
    readonly kind: Kind,
  ) {
    super(`column ${column} holds ${kind}`);
  }
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

/** The kind by the type as the reader names it; it may have seen too little of nested values, never of scalars. */
function kindOf({ type }: Column): Kind {
  switch (type) {
    case 'string':
    case 'null':
      return 'text';
    case 'int':
      return 'integer';
    case 'double':
      return 'float';
    case 'bool':
      return 'boolean';
    default:
      return 'json';
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

const INT64 = 2n ** 63n;
const INT128 = 2n ** 127n;

function storedValue(kind: Kind, value: unknown, column: number): DuckDBValue {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'integer':
      if (Number.isSafeInteger(value)) return BigInt(value as number);
      if (typeof value === 'bigint' && value >= -INT64 && value < INT64) return value;
      if (typeof value === 'bigint') throw new OtherKind(column, 'huge');
      // A whole number written with an exponent.
      if (typeof value === 'number') throw new OtherKind(column, 'float');
      break;
    case 'huge':
      if (Number.isSafeInteger(value)) return BigInt(value as number);
      if (typeof value === 'bigint' && value >= -INT128 && value < INT128) return value;
      if (typeof value === 'number' || typeof value === 'bigint') throw new OtherKind(column, 'float');
      break;
    case 'float':
      // Among numbers with fractions, integers are doubles as well.
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'json':
      return toJson(value);
  }
  throw new OtherKind(column, 'json');
}

function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
  if (text === undefined) throw new StudioError('unsupported-file', 'The file holds a value that JSON does not know.');
  return text;
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
