/** Output columns as the schema elements of a Parquet file, lists laid out as pyarrow does. */

import type { SchemaElement } from 'hyparquet';
import type { OutputColumn, OutputType } from './columns.ts';

export function parquetSchema(columns: readonly OutputColumn[]): SchemaElement[] {
  const elements = columns.flatMap(({ name, type }) => elementsOf(name, type));
  return [{ name: 'schema', num_children: columns.length }, ...elements];
}

function elementsOf(name: string, type: OutputType): SchemaElement[] {
  if (type === 'int') return [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }];
  if (type === 'double') return [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }];
  if (type === 'string') return [text(name)];
  if ('list' in type) {
    return [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elementsOf('element', type.list),
    ];
  }
  const fields = Object.entries(type.struct);
  return [
    { name, repetition_type: 'OPTIONAL', num_children: fields.length },
    ...fields.flatMap(([field, inner]) => elementsOf(field, inner)),
  ];
}

function text(name: string): SchemaElement {
  return {
    name,
    type: 'BYTE_ARRAY',
    repetition_type: 'OPTIONAL',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
  };
}
