/** Cells as strict JSON: what a JSON reader elsewhere takes. */

import { formatCell } from './format-cell.ts';

/**
 * Numbers that JSON lacks (NaN, infinity) and dates that are none become null; integers of any size stay exact, bytes are
 * `0x` and hex digits, dates ISO 8601.
 */
export function cellJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? formatCell(value) : 'null';
    case 'object':
      break;
    default:
      return formatCell(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : JSON.stringify(value);
  if (value instanceof Uint8Array) return JSON.stringify(formatCell(value));
  if (Array.isArray(value)) return `[${value.map(cellJson).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${cellJson(item)}`)
    .join(',')}}`;
}
