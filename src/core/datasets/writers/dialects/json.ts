/** Message lists as JSON text. For Bradley-Terry, whole conversations in `chosen` and `rejected`. */

import type { OutputColumn, OutputType } from '../columns.ts';
import { chosenConversation, rejectedConversation, unfitForWhole } from './conversations.ts';
import type { Dialect, Layouts } from './dialect.ts';
import { messageLayouts } from './own.ts';

const encode = (value: unknown): string => JSON.stringify(value);

/** The columns of our own layout with text in place of lists. */
function asText(columns: readonly { readonly name: string; readonly type: OutputType }[]): OutputColumn[] {
  return columns.map(({ name, type }) => ({ name, type: typeof type === 'string' ? type : 'string' }));
}

export const jsonLayouts = {
  'bradley-terry': {
    columns: [
      { name: 'chosen', type: 'string' },
      { name: 'rejected', type: 'string' },
      { name: 'margin', type: 'double' },
    ],
    cells: (pair) => [encode(chosenConversation(pair)), encode(rejectedConversation(pair)), pair.margin ?? null],
    unfit: unfitForWhole,
  },
  pointwise: {
    columns: asText(messageLayouts.pointwise.columns),
    cells: ({ prompt, response, score }) => [encode(prompt), encode(response), score],
  },
  pairwise: {
    columns: asText(messageLayouts.pairwise.columns),
    cells: ({ prompt, responseA, responseB, preferred, strength }) => [
      encode(prompt),
      encode(responseA),
      encode(responseB),
      preferred,
      strength ?? null,
    ],
  },
  sft: {
    columns: asText(messageLayouts.sft.columns),
    cells: ({ messages }) => [encode(messages)],
  },
} as const satisfies Layouts;

export const json: Dialect = {
  id: 'json',
  title: 'message lists as JSON text; pairs as whole conversations',
  layouts: jsonLayouts,
};
