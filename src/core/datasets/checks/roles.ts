/** Conversations whose turns are not in the usual order. */

import type { Message, TrainingRecord } from '../records.ts';
import { type Check, percent, RowTally, responsesOf } from './check.ts';

export function roles(): Check {
  const tally = new RowTally();
  let usable = 0;
  let first: string | undefined;
  return {
    observe({ row, record }) {
      if (!record) return;
      usable++;
      const fault = conversationsOf(record)
        .map(faultOf)
        .find((found) => found !== undefined);
      if (fault === undefined) return;
      first ??= `row ${row}: ${fault}`;
      tally.add(row);
    },
    findings: () =>
      tally.count === 0
        ? []
        : [
            {
              id: 'roles-out-of-order',
              severity: 'warning',
              count: tally.count,
              share: tally.count / usable,
              rows: tally.rows,
              message: `In ${tally.count} rows (${percent(tally.count / usable)}) the turns are out of order: first ${first}.`,
              hint: 'Chat templates expect an optional system message, then user and assistant in turn.',
            },
          ],
  };
}

function conversationsOf(record: TrainingRecord): (readonly Message[])[] {
  if (record.kind === 'conversation') return [record.messages];
  return responsesOf(record).map((response) => [...record.prompt, ...response]);
}

function faultOf(messages: readonly Message[]): string | undefined {
  const late = messages.findIndex((message, index) => message.role === 'system' && index > 0);
  if (late > 0) return `message ${late + 1} is a system message`;
  // Tool results stand between assistant turns in ways of their own.
  const turns = messages.filter((message) => message.role === 'user' || message.role === 'assistant');
  const repeated = turns.findIndex((turn, index) => index > 0 && turn.role === turns[index - 1]?.role);
  if (repeated > 0 && turns.length === messages.filter((message) => message.role !== 'system').length) {
    return `two ${turns[repeated]!.role} messages follow each other`;
  }
  return undefined;
}
