/** Responses of agents: what they say, the tools they call and what these answer. */

import { callTexts, withCalls } from './called-tools.ts';
import type { Transform } from './transform.ts';
import { completion } from './turns.ts';

/**
 * (response, tool calls?, tool responses?) -> a completion as messages. What is called and answered follows after the
 * response as JSON text, since it is part of what was judged; the response may then be missing.
 */
export const completionWithCalls: Transform = ([value, ...calls], [field = '']) => {
  const texts = callTexts(calls);
  if (texts.length === 0) return completion([value], [field], {});
  const messages = completion([value ?? ''], [field], {}) as { readonly role: string; readonly content: string }[];
  const last = messages.at(-1)!;
  return [...messages.slice(0, -1), { ...last, content: withCalls(last.content, texts) }];
};
