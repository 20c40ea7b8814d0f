/** DuckDB's types as the questions tell them apart. */

import type { DuckDBArrayType, DuckDBListType, DuckDBMapType, DuckDBStructType, DuckDBType } from '@duckdb/node-api';
import type { DuckDb } from './duckdb.ts';
import type { ColumnFamily } from './questions.ts';

/** A column of the internal view `cells`, by whose positional names SQL is made. */
export interface CellColumn {
  readonly name: string;
  readonly sqlName: string;
  readonly type: DuckDBType;
  readonly family: ColumnFamily;
  /** `c3`. */
  readonly cell: string;
  /** The column of the texts inside, where the type itself does not lead to them (JSON). */
  readonly leaves: string | undefined;
}

export function familyOf({ DuckDBTypeId: Id }: DuckDb, type: DuckDBType): ColumnFamily {
  switch (type.typeId) {
    case Id.VARCHAR:
      return type.alias === 'JSON' ? 'json' : 'text';
    case Id.ENUM:
    case Id.UUID:
      return 'text';
    case Id.TINYINT:
    case Id.SMALLINT:
    case Id.INTEGER:
    case Id.BIGINT:
    case Id.HUGEINT:
    case Id.UTINYINT:
    case Id.USMALLINT:
    case Id.UINTEGER:
    case Id.UBIGINT:
    case Id.UHUGEINT:
      return 'integer';
    case Id.DECIMAL:
      return 'decimal';
    case Id.FLOAT:
    case Id.DOUBLE:
      return 'float';
    case Id.BOOLEAN:
      return 'boolean';
    case Id.DATE:
    case Id.TIME:
    case Id.TIME_NS:
    case Id.TIME_TZ:
    case Id.TIMESTAMP:
    case Id.TIMESTAMP_S:
    case Id.TIMESTAMP_MS:
    case Id.TIMESTAMP_NS:
    case Id.TIMESTAMP_TZ:
      return 'time';
    case Id.BLOB:
      return 'binary';
    case Id.LIST:
    case Id.ARRAY:
      return 'list';
    case Id.STRUCT:
      return 'struct';
    case Id.MAP:
      return 'map';
    default:
      return 'other';
  }
}

export const isNumeric = (family: ColumnFamily) => family === 'integer' || family === 'decimal' || family === 'float';

export const itemType = (type: DuckDBType): DuckDBType => (type as DuckDBListType | DuckDBArrayType).valueType;
export const fieldTypes = (type: DuckDBType): readonly DuckDBType[] => (type as DuckDBStructType).entryTypes;
export const fieldNames = (type: DuckDBType): readonly string[] => (type as DuckDBStructType).entryNames;
export const mapTypes = (type: DuckDBType): DuckDBMapType => type as DuckDBMapType;

/** `JSON` rather than the `VARCHAR` that it is stored as. */
export const typeName = (type: DuckDBType): string => type.alias ?? String(type);
