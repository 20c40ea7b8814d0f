/** Values of a result as JSON that says exactly what they are. */

import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { fieldNames, fieldTypes, itemType, mapTypes } from './column-types.ts';
import type { DuckDb } from './duckdb.ts';
import type { Cell } from './questions.ts';

/** The rows of a chunk, each an array of cells. */
export function cellRows(duckDb: DuckDb, chunk: DuckDBDataChunk, types: readonly DuckDBType[]): Cell[][] {
  const columns = types.map((type, index) => chunk.getColumnValues(index).map((value) => cellOf(duckDb, value, type)));
  return Array.from({ length: chunk.rowCount }, (_, row) => columns.map((column) => column[row] ?? null));
}

/** Integers beyond 2^53, decimals and times are text, as are NaN and the infinities; bytes are hex; a map is its entries. */
export function cellOf(duckDb: DuckDb, value: DuckDBValue, type: DuckDBType): Cell {
  if (value === null) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof duckDb.DuckDBBlobValue) return `0x${Buffer.from(value.bytes).toString('hex').toUpperCase()}`;
  if (value instanceof duckDb.DuckDBListValue || value instanceof duckDb.DuckDBArrayValue) {
    return value.items.map((item) => cellOf(duckDb, item, itemType(type)));
  }
  if (value instanceof duckDb.DuckDBStructValue) {
    const { entries } = value;
    const names = fieldNames(type);
    const fields = fieldTypes(type).map((field, index): [string, Cell] => {
      const name = names[index]!;
      return [name, Object.hasOwn(entries, name) ? cellOf(duckDb, entries[name]!, field) : null];
    });
    return Object.fromEntries(fields);
  }
  if (value instanceof duckDb.DuckDBMapValue) {
    const { keyType, valueType } = mapTypes(type);
    return value.entries.map((entry) => ({
      key: cellOf(duckDb, entry.key, keyType),
      value: cellOf(duckDb, entry.value, valueType),
    }));
  }
  return String(value);
}
