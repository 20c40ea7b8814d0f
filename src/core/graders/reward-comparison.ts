/** Two rewards of responses to one prompt, held against each other. */

import type { Comparison } from './grader.ts';

/** Bradley and Terry: the probability is the logistic function of the difference. */
export const rewardComparison = (margin: number): Comparison => ({
  margin,
  verdict: margin > 0 ? 'better' : margin < 0 ? 'worse' : 'tie',
  probability: 1 / (1 + Math.exp(-margin)),
});
