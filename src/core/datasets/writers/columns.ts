/** The columns of an output file and what their cells may hold, in every output format alike. */

import type { Message } from '../records.ts';

export type OutputType =
  | 'int'
  | 'double'
  | 'string'
  | { readonly list: OutputType }
  | { readonly struct: Readonly<Record<string, OutputType>> };

export interface OutputColumn {
  readonly name: string;
  readonly type: OutputType;
}

/** Text, a number, nothing, or a list or structure of such. */
export type OutputCell =
  | string
  | number
  | null
  | Message
  | readonly OutputCell[]
  | { readonly [field: string]: OutputCell };

/** `list<struct<role: string, content: string>>`: messages as chat templates take them. */
export const MESSAGES: OutputType = { list: { struct: { role: 'string', content: 'string' } } };

/** The type as a person reads it, as `inspect` shows it: `list<struct<role: string, content: string>>`. */
export function describeOutputType(type: OutputType): string {
  if (typeof type === 'string') return type === 'int' ? 'int32' : type;
  if ('list' in type) return `list<${describeOutputType(type.list)}>`;
  const fields = Object.entries(type.struct).map(([name, field]) => `${name}: ${describeOutputType(field)}`);
  return `struct<${fields.join(', ')}>`;
}

/** Characters of text in a cell, 8 for a number: what bounds a row group. */
export function cellLength(cell: OutputCell): number {
  if (typeof cell === 'string') return cell.length;
  if (typeof cell !== 'object' || cell === null) return 8;
  let length = 0;
  for (const inner of Array.isArray(cell) ? cell : Object.values(cell)) length += cellLength(inner as OutputCell);
  return length;
}
