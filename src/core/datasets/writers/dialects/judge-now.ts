/** Judge training rows as the current trainer reads them: native lists, labels inside each answer. */

import { unfitForOneMessage } from './conversations.ts';
import type { Dialect } from './dialect.ts';
import { jsonLayouts } from './json.ts';
import { COMPARED_OUTPUT, comparedOutput, SCORED_OUTPUT, scoredOutput } from './judge-output.ts';
import { messageLayouts } from './own.ts';

/** The trainer's default; its reward functions look at the label, not at the source. */
const SOURCE = 'helpsteer2';

export const judgeNow: Dialect = {
  id: 'judge-now',
  title: 'judge trainer, current: input and nested output with labels; pairs as JSON text',
  layouts: {
    'bradley-terry': jsonLayouts['bradley-terry'],
    pointwise: {
      columns: [...SCORED_OUTPUT, { name: 'source', type: 'string' }],
      cells: (record) => [...scoredOutput(record), SOURCE],
      unfit: ({ response }) => unfitForOneMessage(response),
    },
    pairwise: {
      columns: [...COMPARED_OUTPUT, { name: 'source', type: 'string' }],
      cells: (record) => [...comparedOutput(record), SOURCE],
      unfit: ({ responseA, responseB }) => unfitForOneMessage(responseA, responseB),
    },
    sft: messageLayouts.sft,
  },
};
