/** Cells as the rest of the product sees them: plain values, whatever hyparquet made of them. */

import type { ParquetParsers } from 'hyparquet';

const utf8 = new TextDecoder();

/** JSON columns stay text, exactly as stored: a shape that wants the value decodes it, and bad JSON spoils one cell only. */
export const PARSERS: Partial<ParquetParsers> = {
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && utf8.decode(bytes),
};

/**
 * Missing becomes null; an int64 becomes a number where that is exact and stays a bigint elsewhere; bytes, dates,
 * lists and structs keep their form.
 */
export function plainValue(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value;
  if (typeof value !== 'object' || value instanceof Uint8Array || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  const plain: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // Assigning `__proto__` would set the prototype and lose the field.
    Object.defineProperty(plain, key, {
      value: plainValue(item),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return plain;
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}
