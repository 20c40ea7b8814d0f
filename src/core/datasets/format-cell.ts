/** The exact text of a cell: what is shown is what is stored. */

/** Null is `null`, bytes are `0x` and hex digits, dates are ISO 8601 with milliseconds, lists and structs are JSON. */
export function formatCell(value: unknown): string {
  return typeof value === 'string' ? value : formatNested(value);
}

function formatNested(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  // JSON has no -0, NaN or Infinity; the cell has.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `[${value.map(formatInside).join(', ')}]`;
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${formatInside(item)}`);
  return `{${fields.join(', ')}}`;
}

/** Inside JSON, dates and bytes are quoted. */
function formatInside(value: unknown): string {
  const quoted = value instanceof Date || value instanceof Uint8Array;
  return quoted ? JSON.stringify(formatNested(value)) : formatNested(value);
}
