/** What a transform cannot go on without: text, a number, a list; else the row is unfit, with the reason. */

import { UnfitRow } from './row-problem.ts';
import { decodeJson, describeType, isBlank, numberOf, quoteValue, textOf } from './text.ts';

export function requireText(value: unknown, field: string): string {
  const text = textOf(value, field);
  if (isBlank(text)) throw new UnfitRow('empty-value', field, 'it is empty');
  return text;
}

export function requireNumber(value: unknown, field: string): number {
  const number = numberOf(value);
  if (number !== undefined && Number.isFinite(number)) return number;
  const missing = value === null || value === undefined || value === '';
  throw new UnfitRow(
    missing ? 'missing-value' : 'wrong-type',
    field,
    missing ? 'it is missing' : `${quoteValue(value)} is not a number`,
  );
}

export function requireList(value: unknown, field: string): unknown[] {
  const list = decodeJson(value);
  if (Array.isArray(list)) return list;
  const missing = list === null || list === undefined;
  throw new UnfitRow(
    missing ? 'missing-value' : 'wrong-type',
    field,
    missing ? 'it is missing' : `it is ${describeType(list)}, not a list`,
  );
}
