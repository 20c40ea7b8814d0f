/** The columns of text files (JSONL, JSON, CSV) where they are stored with a type: what kind each is, and its values. */

import { StudioError } from '../errors.ts';
import type { Column } from './dataset.ts';

/** `huge` are integers of up to 128 bits. */
export type Kind = 'text' | 'integer' | 'huge' | 'float' | 'boolean' | 'json';

/** A value is not of the kind that its column was made for. */
export class OtherKind extends Error {
  constructor(
    readonly column: number,
    readonly kind: Kind,
  ) {
    super(`column ${column} holds ${kind}`);
  }
}

export type StoredValue = string | number | bigint | boolean | null;

/** The kind by the type as the reader names it; it may have seen too little of nested values, never of scalars. */
export function kindOf({ type }: Column): Kind {
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

const INT64 = 2n ** 63n;
const INT128 = 2n ** 127n;

/**
 * The value as a column of a kind stores it; `json` as its text.
 * @throws OtherKind where it is of another one: then the whole column is
 */
export function storedValue(kind: Kind, value: unknown, column: number): StoredValue {
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
