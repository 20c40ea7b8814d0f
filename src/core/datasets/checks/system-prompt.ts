/** System prompts that are not the first message, or stand there more than once. */

import type { Message } from '../records.ts';
import { type CheckDeclaration, counted, percent } from './check.ts';
import { systemFirst } from './fix.ts';
import type { Observed } from './observed-record.ts';
import { RowSet, RowTally } from './row-set.ts';
import { FirstExample } from './seen.ts';

export const systemPrompt: CheckDeclaration = {
  id: 'system-prompt-misplaced',
  title: 'System prompt in the wrong place',
  tier: 'structural',
  finds: { 'system-prompt-misplaced': { title: 'System prompt in the wrong place', severity: 'warning' } },
  start() {
    const tally = new RowTally();
    const movable = new RowSet();
    const first = new FirstExample();
    const seen = { tally, movable, first, usable: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        seen.usable++;
        if (observed.isOneQuestion) return;
        const fault = faultIn(observed);
        if (fault === undefined) return;
        first.set(row, fault.text);
        tally.add(row);
        if (fault.movable) movable.add(row);
      },
      findings() {
        if (tally.count === 0) return [];
        const share = tally.count / seen.usable;
        return [
          {
            id: 'system-prompt-misplaced',
            severity: 'warning',
            count: tally.count,
            share,
            rows: tally.rows,
            message: `In ${counted(tally.count, 'row')} (${percent(share)}) the system prompt is not the first message, or is repeated: first ${first}.`,
            hint: 'Chat templates drop it, or refuse the conversation. Two that differ are for a person to settle.',
            ...(movable.size > 0 && {
              fix: {
                kind: 'move-system-prompt' as const,
                count: movable.size,
                description: 'Put the system prompt first, once, where a conversation has only one text of it.',
              },
            }),
          },
        ];
      },
    };
  },
};

function faultIn(observed: Observed): { readonly text: string; readonly movable: boolean } | undefined {
  const { record, prompt, responses } = observed;
  const whole = record.kind === 'conversation' ? record.messages : prompt;
  const inPrompt = faultOf(whole);
  const inResponse = record.kind !== 'conversation' && responses.some((response) => response.some(isSystem));
  if (inResponse) return { text: 'a response holds a system message', movable: false };
  return inPrompt === undefined ? undefined : { text: inPrompt, movable: systemFirst(whole) !== undefined };
}

function faultOf(messages: readonly Message[]): string | undefined {
  let seen = false;
  for (const [index, message] of messages.entries()) {
    if (!isSystem(message)) continue;
    if (seen) return `message ${index + 1} is a second system message`;
    if (index > 0) return `message ${index + 1} is a system message`;
    seen = true;
  }
  return undefined;
}

function isSystem(message: Message): boolean {
  return message.role === 'system';
}
