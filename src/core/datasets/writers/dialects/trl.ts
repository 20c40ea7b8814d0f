/**
 * TRL: preference rows with an explicit prompt for its reward trainer, `messages` for its SFT trainer. A pair without a
 * margin has 0 there: the trainer subtracts it, and cannot take null.
 */

import type { Dialect } from './dialect.ts';
import { messageLayouts } from './own.ts';

const PAIRS_ONLY =
  'TRL trains reward models from pairs alone (use --to bt, which also makes pairs of scores and labels)';

export const trl: Dialect = {
  id: 'trl',
  title: 'TRL: prompt, chosen, rejected as message lists, margin; messages for SFT',
  layouts: {
    'bradley-terry': {
      ...messageLayouts['bradley-terry'],
      cells: ({ prompt, chosen, rejected, margin }) => [prompt, chosen, rejected, margin ?? 0],
      unfit: ({ prompt }) => (prompt.length === 0 ? 'no-prompt' : undefined),
    },
    pointwise: PAIRS_ONLY,
    pairwise: PAIRS_ONLY,
    sft: messageLayouts.sft,
  },
};
