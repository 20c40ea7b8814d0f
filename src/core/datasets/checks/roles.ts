/** Conversations whose turns are not in the usual order. */

import type { Message } from '../records.ts';
import { type CheckDeclaration, counted, percent } from './check.ts';
import { RowTally } from './row-set.ts';
import { FirstExample } from './seen.ts';

export const roles: CheckDeclaration = {
  id: 'roles-out-of-order',
  title: 'Roles out of order',
  tier: 'structural',
  finds: { 'roles-out-of-order': { title: 'Roles out of order', severity: 'warning' } },
  start() {
    const tally = new RowTally();
    const first = new FirstExample();
    const seen = { tally, first, usable: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        seen.usable++;
        // Always in order.
        if (observed.isOneQuestion) return;
        const fault = observed
          .conversations()
          .map(faultOf)
          .find((found) => found !== undefined);
        if (fault === undefined) return;
        first.set(row, fault);
        tally.add(row);
      },
      findings() {
        if (tally.count === 0) return [];
        const share = tally.count / seen.usable;
        return [
          {
            id: 'roles-out-of-order',
            severity: 'warning',
            count: tally.count,
            share,
            rows: tally.rows,
            message: `In ${counted(tally.count, 'row')} (${percent(share)}) the turns are out of order: first ${first}.`,
            hint: 'Chat templates expect an optional system message, then user and assistant in turn.',
          },
        ];
      },
    };
  },
};

/** System messages are another check's. Tool results stand between assistant turns in ways of their own. */
function faultOf(messages: readonly Message[]): string | undefined {
  const turns = messages.filter((message) => message.role !== 'system');
  if (turns.some((message) => message.role === 'tool')) return undefined;
  const repeated = turns.findIndex((turn, index) => index > 0 && turn.role === turns[index - 1]?.role);
  if (repeated > 0) return `two ${turns[repeated]!.role} messages follow each other`;
  // A response without a prompt is no fault of order.
  return turns.length > 1 && turns[0]!.role === 'assistant' ? 'it begins with an assistant message' : undefined;
}
