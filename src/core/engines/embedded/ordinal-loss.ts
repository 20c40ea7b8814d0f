/**
 * Ordinal regression with cumulative logits (proportional odds, McCullagh 1980) for the scores 0 to 4:
 * P(label <= k) = sigmoid(threshold[k] - score), four ascending thresholds.
 * Parameters: the first threshold, then the logarithms of the three gaps.
 */

import { type Loss, sigmoid, softplus } from './loss.ts';

export const LEVELS = 5;
const CUTS = LEVELS - 1;

/** A gap so narrow that its class is never the median; keeps the loss finite where a class does not occur. */
const NARROWEST = 1e-4;

export function ordinalThresholds(parameters: Float64Array): number[] {
  const thresholds = [parameters[0]!];
  for (let cut = 1; cut < CUTS; cut++) thresholds.push(thresholds[cut - 1]! + NARROWEST + Math.exp(parameters[cut]!));
  return thresholds;
}

/** Probabilities of the labels 0 to 4. */
export function ordinalProbabilities(score: number, thresholds: readonly number[]): number[] {
  const cumulative = [...thresholds.map((threshold) => sigmoid(threshold - score)), 1];
  return cumulative.map((value, level) => Math.max(0, value - (level === 0 ? 0 : cumulative[level - 1]!)));
}

/** The expected label, 0 to 4: the sum over k of P(label > k). */
export const expectedLevel = (score: number, thresholds: readonly number[]): number =>
  thresholds.reduce((sum, threshold) => sum + sigmoid(score - threshold), 0);

/** The median label, which has the least expected absolute error: the number of thresholds below the score. */
export function medianLevel(score: number, thresholds: readonly number[]): number {
  let level = 0;
  while (level < thresholds.length && score > thresholds[level]!) level++;
  return level;
}

export const ordinalLoss: Loss = {
  initial(labels) {
    const counts = new Array<number>(LEVELS).fill(1);
    for (const label of labels) counts[label]!++;
    const total = labels.length + LEVELS;
    const parameters = new Float64Array(CUTS);
    let below = 0;
    let previous = 0;
    for (let cut = 0; cut < CUTS; cut++) {
      below += counts[cut]!;
      const threshold = Math.log(below / (total - below));
      parameters[cut] = cut === 0 ? threshold : Math.log(Math.max(NARROWEST, threshold - previous - NARROWEST));
      previous = threshold;
    }
    return parameters;
  },

  row(score, label, parameters, out) {
    const thresholds = ordinalThresholds(parameters);
    const high = thresholds[label];
    const low = thresholds[label - 1];
    // P = sigmoid(high - s) * sigmoid(s - low) * (1 - e^(low - high)), each factor 1 where its threshold is infinite.
    let loss = 0;
    let dHigh = 0;
    let dLow = 0;
    let dScore = 0;
    if (high !== undefined) {
      loss += softplus(score - high);
      const pull = sigmoid(score - high);
      dScore += pull;
      dHigh -= pull;
    }
    if (low !== undefined) {
      loss += softplus(low - score);
      const pull = sigmoid(low - score);
      dScore -= pull;
      dLow += pull;
    }
    if (high !== undefined && low !== undefined) {
      loss -= Math.log(-Math.expm1(low - high));
      const pull = 1 / Math.expm1(high - low);
      dHigh -= pull;
      dLow += pull;
    }
    if (out) {
      out.score = dScore;
      writeThresholdGradient(parameters, label, dLow, dHigh, out.parameters);
    }
    return loss;
  },

  thresholds: ordinalThresholds,
  correct: (score, label, thresholds) => (medianLevel(score, thresholds) === label ? 1 : 0),
};

/** Chain rule from the two thresholds around `label` to the parameters: a threshold is the sum of the gaps below it. */
function writeThresholdGradient(
  parameters: Float64Array,
  label: number,
  dLow: number,
  dHigh: number,
  out: Float64Array,
): void {
  for (let cut = 0; cut < CUTS; cut++) {
    const fromLow = cut <= label - 1 ? dLow : 0;
    const fromHigh = label < CUTS && cut <= label ? dHigh : 0;
    const slope = cut === 0 ? 1 : Math.exp(parameters[cut]!);
    out[cut] = (fromLow + fromHigh) * slope;
  }
}
