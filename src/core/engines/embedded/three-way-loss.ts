/**
 * A, B or tie (Rao and Kupper 1967): with d = score(A) - score(B) and a tie band of half-width t >= 0,
 * P(A) = sigmoid(d - t), P(B) = sigmoid(-d - t), P(tie) = 1 - P(A) - P(B). Swapping A and B negates d, so the model is
 * antisymmetric by construction. The parameter is log t.
 */

import type { Preference } from '../../datasets/records.ts';
import { type Loss, sigmoid, softplus } from './loss.ts';

export const PREFERENCES: readonly Preference[] = ['A', 'B', 'tie'];
const TIE = 2;

export interface ThreeWay {
  readonly probabilityA: number;
  readonly probabilityTie: number;
  readonly probabilityB: number;
}

export function threeWayProbabilities(difference: number, halfWidth: number): ThreeWay {
  return {
    probabilityA: sigmoid(difference - halfWidth),
    // sigmoid(t - d) - sigmoid(-t - d), written as a product so that nothing cancels.
    probabilityTie: sigmoid(halfWidth - difference) * sigmoid(halfWidth + difference) * -Math.expm1(-2 * halfWidth),
    probabilityB: sigmoid(-difference - halfWidth),
  };
}

/** The likeliest class. Two equal decided probabilities above that of a tie still mean a tie. */
export function likeliest({ probabilityA, probabilityTie, probabilityB }: ThreeWay): Preference {
  if (probabilityA > probabilityB) return probabilityA > probabilityTie ? 'A' : 'tie';
  if (probabilityB > probabilityA) return probabilityB > probabilityTie ? 'B' : 'tie';
  return 'tie';
}

export const threeWayLoss: Loss = {
  initial(labels) {
    const ties = labels.reduce((sum, label) => sum + (label === TIE ? 1 : 0), 0);
    // At d = 0, P(tie) = tanh(t / 2): start at the smoothed share of ties.
    const share = (ties + 0.5) / (labels.length + 1);
    return Float64Array.of(Math.log(Math.log((1 + share) / (1 - share))));
  },

  row(score, label, parameters, out) {
    const t = Math.exp(parameters[0]!);
    if (label === TIE) {
      if (out) {
        out.score = sigmoid(score - t) - sigmoid(-score - t);
        const dT = -sigmoid(score - t) - sigmoid(-score - t) - 2 / Math.expm1(2 * t);
        out.parameters[0] = dT * t;
      }
      return softplus(score - t) + softplus(-score - t) - Math.log(-Math.expm1(-2 * t));
    }
    const sign = label === 0 ? 1 : -1;
    const miss = sigmoid(t - sign * score);
    if (out) {
      out.score = -sign * miss;
      out.parameters[0] = miss * t;
    }
    return softplus(t - sign * score);
  },

  thresholds: (parameters) => [Math.exp(parameters[0]!)],
  correct: (score, label, thresholds) =>
    likeliest(threeWayProbabilities(score, thresholds[0]!)) === PREFERENCES[label] ? 1 : 0,
};
