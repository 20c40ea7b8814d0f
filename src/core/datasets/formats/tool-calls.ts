/** Responses of agents: what they say, the tools they call and what these answer. */

import { decodeJson, isBlank, jsonTextOf } from './text.ts';
import type { Transform } from './transform.ts';
import { completion } from './turns.ts';

/**
 * (response, tool calls?, tool responses?) -> a completion as messages. What is called and answered follows after the
 * response as JSON text, since it is part of what was judged; the response may then be missing.
 */
export const completionWithCalls: Transform = ([value, ...calls], [field = '']) => {
  const blocks = calls
    .map(decodeJson)
    .filter((call) => !isNothing(call))
    .map(jsonTextOf);
  if (blocks.length === 0) return completion([value], [field], {});
  const messages = completion([value ?? ''], [field], {}) as { readonly role: string; readonly content: string }[];
  const last = messages.at(-1)!;
  const content = [last.content, ...blocks].filter((text) => !isBlank(text)).join('\n\n');
  return [...messages.slice(0, -1), { ...last, content }];
};

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'string' && isBlank(value);
}
