/** What an agent calls and is answered, as part of the text that is judged or learnt. */

import { decodeJson, isBlank, jsonTextOf } from './text.ts';

/** A message's keys for calls: of tools, and the older one of a single function. */
export const CALL_KEYS = ['tool_calls', 'function_call'] as const;

/** Calls and answers that are there, as JSON text. */
export function callTexts(calls: readonly unknown[]): string[] {
  return calls
    .map(decodeJson)
    .filter((call) => !isNothing(call))
    .map(jsonTextOf);
}

/** A text with what is called after it. */
export const withCalls = (text: string, calls: readonly string[]): string =>
  [text, ...calls].filter((part) => !isBlank(part)).join('\n\n');

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'string' && isBlank(value);
}
