/** Columns of a Parquet file and their types as a person reads them. */

import { type FileMetaData, parquetSchema, type SchemaElement, type SchemaTree } from 'hyparquet';
import type { Column } from '../dataset.ts';

/** The top-level columns, in file order; names are as the file has them. */
export function parquetColumns(metadata: FileMetaData): Column[] {
  return parquetSchema(metadata).children.map((node) => ({ name: node.element.name, type: typeName(node) }));
}

/**
 * The metadata with its top-level columns renamed to `0`, `1`, ... so that hyparquet, which finds columns by name,
 * also reads duplicate, empty and odd names (`__proto__`, `a.b`).
 * @throws Error where the column chunks do not follow the schema: the footer is damaged
 */
export function withPositionalNames(metadata: FileMetaData): FileMetaData {
  const root = parquetSchema(metadata);
  const topNames = new Set<number>();
  let position = 1;
  for (const child of root.children) {
    topNames.add(position);
    position += child.count;
  }
  const leaves = root.children.flatMap((child, column) => leafPaths(child).map((path) => ({ path, column })));
  let column = 0;
  const schema = metadata.schema.map((element, index) =>
    topNames.has(index) ? { ...element, name: String(column++) } : element,
  );
  const rowGroups = metadata.row_groups.map((group) => {
    if (group.columns.length !== leaves.length) throw new Error('row group does not have the columns of the schema');
    const columns = group.columns.map((chunk, index) => {
      const leaf = leaves[index]!;
      if (!chunk.meta_data) return chunk;
      if (chunk.meta_data.path_in_schema.join('\0') !== leaf.path.join('\0')) {
        throw new Error(`column chunk "${chunk.meta_data.path_in_schema.join('.')}" is not in the order of the schema`);
      }
      const path = [String(leaf.column), ...leaf.path.slice(1)];
      return { ...chunk, meta_data: { ...chunk.meta_data, path_in_schema: path } };
    });
    return { ...group, columns };
  });
  return { ...metadata, schema, row_groups: rowGroups };
}

function leafPaths(node: SchemaTree): string[][] {
  return node.children.length === 0 ? [node.path] : node.children.flatMap(leafPaths);
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
  TIMESTAMP_MILLIS: 'timestamp[ms]',
  TIMESTAMP_MICROS: 'timestamp[us]',
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
