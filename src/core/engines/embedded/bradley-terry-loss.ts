/** Bradley-Terry (Bradley and Terry 1952): P(chosen beats rejected) = sigmoid(score difference). */

import { type Loss, sigmoid, softplus } from './loss.ts';

/** The score is that of `chosen` minus that of `rejected`; the label is not used. */
export const bradleyTerryLoss: Loss = {
  initial: () => new Float64Array(0),
  row(score, _label, _parameters, out) {
    if (out) out.score = -sigmoid(-score);
    return softplus(-score);
  },
  thresholds: () => [],
  correct: (score) => (score > 0 ? 1 : score === 0 ? 0.5 : 0),
};
