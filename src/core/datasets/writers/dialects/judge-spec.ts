/** Judge training rows as the documents of the judge trainer describe them: one label beside the output. */

import { MESSAGES } from '../columns.ts';
import { onlyText, unfitForOneMessage } from './conversations.ts';
import type { Dialect } from './dialect.ts';
import { messageLayouts } from './own.ts';
import { textLayouts } from './text.ts';

const SOURCE = 'helpsteer2';

export const judgeSpec: Dialect = {
  id: 'judge-spec',
  title: 'judge trainer, as documented: output.label or metadata.preferred; pairs as plain text',
  layouts: {
    'bradley-terry': textLayouts['bradley-terry'],
    pointwise: {
      columns: [
        { name: 'input', type: MESSAGES },
        { name: 'output', type: { struct: { content: 'string', label: { struct: { helpfulness: 'int' } } } } },
        { name: 'data_source', type: 'string' },
      ],
      cells: ({ prompt, response, score }) => [
        prompt,
        { content: onlyText(response), label: { helpfulness: score } },
        SOURCE,
      ],
      unfit: ({ response }) => unfitForOneMessage(response),
    },
    pairwise: {
      columns: [
        { name: 'input', type: MESSAGES },
        { name: 'output', type: { list: { struct: { content: 'string' } } } },
        { name: 'metadata', type: { struct: { preferred: 'string', preference_strength: 'double' } } },
      ],
      cells: ({ prompt, responseA, responseB, preferred, strength }) => [
        prompt,
        [{ content: onlyText(responseA) }, { content: onlyText(responseB) }],
        { preferred, preference_strength: strength ?? null },
      ],
      unfit: ({ responseA, responseB }) => unfitForOneMessage(responseA, responseB),
    },
    sft: messageLayouts.sft,
  },
};
