/** Text as the row shapes see it. The rules are spelled out so that the Python reader can follow them exactly. */

import { UnfitRow } from './row-problem.ts';

const BRACKET = 0x5b;
const BRACE = 0x7b;

/** Blanks are space, tab, carriage return and line feed only: other languages agree on these. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlankAt(text, start)) start++;
  while (end > start && isBlankAt(text, end - 1)) end--;
  return text.slice(start, end);
}

export function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isBlankAt(text, at)) return false;
  return true;
}

function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** A cell as text: text itself, and a boolean or number as a person sees it in the file (`true`, `4`, `0.5`). */
export function textOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value === null || value === undefined) throw new UnfitRow('missing-value', field, 'it is missing');
  throw new UnfitRow('wrong-type', field, `it is ${describeType(value)}, not text`);
}

/** The value behind a cell that may be JSON text; other values, and text that is not JSON, as they are. */
export function decodeJson(value: unknown): unknown {
  if (typeof value !== 'string' || !mayBeJson(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function mayBeJson(text: string): boolean {
  let at = 0;
  while (at < text.length && isBlankAt(text, at)) at++;
  const first = text.charCodeAt(at);
  return first === BRACKET || first === BRACE;
}

/** A number from a number or from text that is one (CSV), or undefined. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || !/^[ \t]*[+-]?\d+(\.\d+)?[ \t]*$/.test(value)) return undefined;
  return Number(value) + 0; // no negative zero
}

export function describeType(value: unknown): string {
  if (value === null || value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return 'binary';
  if (value instanceof Date) return 'a date';
  return (
    { string: 'text', number: 'a number', boolean: 'a boolean', object: 'a structure' }[typeof value as string] ??
    typeof value
  );
}

/** Text as it is, and anything else as JSON without blanks, its keys in the order they have. */
export function jsonTextOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? 'undefined';
}

/** A name as it is typed into a shell. */
export function shellWord(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`;
}

/** A value short enough for a message: at most 40 code points, so that no character is cut in two. */
export function quoteValue(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : jsonTextOf(value);
  const points = [...text];
  return points.length > 40 ? `${points.slice(0, 37).join('')}...` : text;
}
