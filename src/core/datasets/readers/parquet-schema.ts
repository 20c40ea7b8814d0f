/** Columns of a Parquet file and their types as a person reads them. */

import { type FileMetaData, parquetSchema, type SchemaElement, type SchemaTree } from 'hyparquet';
import type { Column } from '../dataset.ts';

/** The top-level columns, in file order; names are as the file has them. */
export function parquetColumns(metadata: FileMetaData): Column[] {
  return parquetSchema(metadata).children.map((node) => ({ name: node.element.name, type: typeName(node) }));
}

function typeName(node: SchemaTree): string {
  const { element, children } = node;
  const inner = innerTypeName(node);
  // A repeated field outside a LIST group is a list of its own (protobuf and old Parquet writers).
  return element.repetition_type === 'REPEATED' && children.length === 0 ? `list<${inner}>` : inner;
}

function innerTypeName(node: SchemaTree): string {
  const { element, children } = node;
  if (children.length === 0) return primitiveName(element);
  const only = children.length === 1 ? children[0] : undefined;
  const logical = element.converted_type ?? element.logical_type?.type;
  if (logical === 'LIST' && only) {
    const item = only.children.length === 1 ? only.children[0]! : only;
    return `list<${item === only ? innerTypeName(item) : typeName(item)}>`;
  }
  if (logical === 'MAP' && only?.children.length === 2) {
    return `map<${typeName(only.children[0]!)}, ${typeName(only.children[1]!)}>`;
  }
  return `struct<${children.map((child) => `${child.element.name}: ${typeName(child)}`).join(', ')}>`;
}

const PHYSICAL_NAMES: Readonly<Record<string, string>> = {
  BOOLEAN: 'bool',
  INT32: 'int32',
  INT64: 'int64',
  INT96: 'timestamp[ns]',
  FLOAT: 'float',
  DOUBLE: 'double',
  BYTE_ARRAY: 'binary',
  FIXED_LEN_BYTE_ARRAY: 'fixed_binary',
};

const CONVERTED_NAMES: Readonly<Record<string, string>> = {
  UTF8: 'string',
  ENUM: 'enum',
  JSON: 'json',
  BSON: 'bson',
  DATE: 'date',
  TIME_MILLIS: 'time[ms]',
  TIME_MICROS: 'time[us]',
  TIMESTAMP_MILLIS: 'timestamp[ms, UTC]',
  TIMESTAMP_MICROS: 'timestamp[us, UTC]',
  INTERVAL: 'interval',
};

const UNITS: Readonly<Record<string, string>> = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' };

function primitiveName(element: SchemaElement): string {
  const { logical_type: logical, converted_type: converted } = element;
  if (logical?.type === 'TIMESTAMP') {
    return `timestamp[${UNITS[logical.unit]}${logical.isAdjustedToUTC ? ', UTC' : ''}]`;
  }
  if (logical?.type === 'TIME') return `time[${UNITS[logical.unit]}]`;
  if (logical?.type === 'INTEGER') return `${logical.isSigned ? '' : 'u'}int${logical.bitWidth}`;
  if (converted === 'DECIMAL') return `decimal(${element.precision}, ${element.scale ?? 0})`;
  if (logical?.type === 'STRING') return 'string';
  if (logical && ['UUID', 'FLOAT16', 'JSON', 'NULL', 'DATE', 'ENUM'].includes(logical.type)) {
    return logical.type.toLowerCase();
  }
  const sized = converted?.match(/^(U?)INT_(\d+)$/);
  if (sized) return `${sized[1] === 'U' ? 'u' : ''}int${sized[2]}`;
  const named = converted === undefined ? undefined : CONVERTED_NAMES[converted];
  if (named) return named;
  const physical = PHYSICAL_NAMES[element.type ?? ''] ?? 'unknown';
  return physical === 'fixed_binary' ? `fixed_binary[${element.type_length}]` : physical;
}
