/**
 * OpenRLHF: whole conversations as message lists, for `--chosen_key chosen --rejected_key rejected --apply_chat_template`
 * and, for SFT, `--input_key messages`. A pair without a margin has 0 there, which is what the trainer takes for none.
 */

import { MESSAGES } from '../columns.ts';
import { chosenConversation, rejectedConversation, unfitForWhole } from './conversations.ts';
import type { Dialect } from './dialect.ts';
import { messageLayouts } from './own.ts';

const PAIRS_ONLY =
  'OpenRLHF trains reward models from pairs alone (use --to bt, which also makes pairs of scores and labels)';

export const openrlhf: Dialect = {
  id: 'openrlhf',
  title: 'OpenRLHF: chosen and rejected as whole conversations, margin; messages for SFT',
  layouts: {
    'bradley-terry': {
      columns: [
        { name: 'chosen', type: MESSAGES },
        { name: 'rejected', type: MESSAGES },
        { name: 'margin', type: 'double' },
      ],
      cells: (pair) => [chosenConversation(pair), rejectedConversation(pair), pair.margin ?? 0],
      unfit: unfitForWhole,
    },
    pointwise: PAIRS_ONLY,
    pairwise: PAIRS_ONLY,
    sft: messageLayouts.sft,
  },
};
