/** Our own layout, the default: native message lists, one column for each part of a record. */

import { MESSAGES } from '../columns.ts';
import type { Dialect, Layouts } from './dialect.ts';

export const messageLayouts = {
  'bradley-terry': {
    columns: [
      { name: 'prompt', type: MESSAGES },
      { name: 'chosen', type: MESSAGES },
      { name: 'rejected', type: MESSAGES },
      { name: 'margin', type: 'double' },
    ],
    cells: ({ prompt, chosen, rejected, margin }) => [prompt, chosen, rejected, margin ?? null],
  },
  pointwise: {
    columns: [
      { name: 'prompt', type: MESSAGES },
      { name: 'response', type: MESSAGES },
      { name: 'score', type: 'int' },
    ],
    cells: ({ prompt, response, score }) => [prompt, response, score],
  },
  pairwise: {
    columns: [
      { name: 'prompt', type: MESSAGES },
      { name: 'response_a', type: MESSAGES },
      { name: 'response_b', type: MESSAGES },
      { name: 'preferred', type: 'string' },
      { name: 'strength', type: 'double' },
    ],
    cells: ({ prompt, responseA, responseB, preferred, strength }) => [
      prompt,
      responseA,
      responseB,
      preferred,
      strength ?? null,
    ],
  },
  sft: {
    columns: [{ name: 'messages', type: MESSAGES }],
    cells: ({ messages }) => [messages],
  },
} as const satisfies Layouts;

export const own: Dialect = {
  id: 'own',
  title: 'our own: native message lists (the default)',
  layouts: messageLayouts,
};
