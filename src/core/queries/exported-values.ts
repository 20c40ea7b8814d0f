/** Values as a file format can hold them. Parquet holds all of them as they are. */

import type { DuckDBType } from '@duckdb/node-api';
import { familyOf, fieldNames, fieldTypes, itemType } from './column-types.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteIdentifier } from './identifiers.ts';
import type { ExportFormat } from './questions.ts';

/** SQL of the value as it is written; bytes become hex in text formats, and nested values JSON in CSV. */
export function exportedValue(duckDb: DuckDb, format: ExportFormat, type: DuckDBType, sql: string): string {
  if (format === 'parquet') return sql;
  const json = forJson(duckDb, type, sql, 0) ?? sql;
  if (format === 'jsonl') return json;
  const family = familyOf(duckDb, type);
  if (family === 'binary') return json;
  return family === 'list' || family === 'struct' || family === 'map' ? `to_json(${json})` : sql;
}

/**
 * JSON has no NaN and no infinity, which DuckDB would write all the same: they become null. Undefined where the value
 * can stay as it is.
 */
function forJson(duckDb: DuckDb, type: DuckDBType, sql: string, depth: number): string | undefined {
  switch (familyOf(duckDb, type)) {
    case 'float':
      return `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
    case 'binary':
      return `'0x' || hex(${sql})`;
    case 'list': {
      const inner = forJson(duckDb, itemType(type), `x${depth}`, depth + 1);
      return inner && `list_transform(${sql}, lambda x${depth}: ${inner})`;
    }
    case 'struct': {
      const names = fieldNames(type);
      const fields = fieldTypes(type).map((field, index) => {
        const value = `struct_extract_at(${sql}, ${index + 1})`;
        return { name: names[index]!, value, inner: forJson(duckDb, field, value, depth) };
      });
      if (fields.every(({ inner }) => inner === undefined)) return undefined;
      const packed = fields.map(({ name, value, inner }) => `${quoteIdentifier(name)} := ${inner ?? value}`);
      return `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${packed.join(', ')}) END`;
    }
    default:
      return undefined;
  }
}
