/** Scores text with an embedded model. Well under a millisecond for a text of normal length. */

import type { Message, Preference } from '../../datasets/records.ts';
import { FeatureExtractor, type Features } from './features.ts';
import { sigmoid } from './loss.ts';
import type { EmbeddedModel } from './model.ts';
import { expectedLevel, medianLevel, ordinalProbabilities } from './ordinal-loss.ts';
import { percentile } from './quantiles.ts';
import { likeliest, threeWayProbabilities } from './three-way-loss.ts';

export interface ResponseScore {
  /** Bradley-Terry and pairwise: a logit, comparable within one prompt only. Pointwise: expected score, 0 to 4. */
  readonly score: number;
  /** Pointwise: the median score, an integer 0 to 4. */
  readonly label?: number;
  /** Pointwise: probabilities of the scores 0 to 4. */
  readonly probabilities?: readonly number[];
  /** Percentile (0-100) of the score among the responses of the training data. */
  readonly percentile: number;
}

export interface ResponseComparison {
  /** Score of A minus score of B; swapping A and B negates it exactly. */
  readonly margin: number;
  readonly probabilityA: number;
  /** Absent for Bradley-Terry, which knows no ties. */
  readonly probabilityTie?: number;
  readonly probabilityB: number;
  readonly verdict: Preference;
  /** Percentile (0-100) of |margin| among the margins of the training pairs; absent for pointwise. */
  readonly percentile?: number;
}

const extractors = new WeakMap<EmbeddedModel, FeatureExtractor>();

function extractorOf(model: EmbeddedModel): FeatureExtractor {
  let extractor = extractors.get(model);
  if (!extractor) {
    extractor = new FeatureExtractor(model.settings);
    extractors.set(model, extractor);
  }
  return extractor;
}

/** The linear score of a response: the reward, or the strength below the thresholds of the other two methods. */
export function linearScore(model: EmbeddedModel, prompt: readonly Message[], response: readonly Message[]): number {
  const extractor = extractorOf(model);
  return scoreFeatures(model, extractor.response(extractor.prompt(prompt), response));
}

/** The linear score of features that were extracted with the model's settings. */
export function scoreFeatures(model: EmbeddedModel, { indices, values, surface }: Features): number {
  const { hashedWeights } = model;
  const { mean, scale, weights } = model.surface;
  let score = 0;
  for (let at = 0; at < indices.length; at++) score += hashedWeights[indices[at]!]! * values[at]!;
  for (let at = 0; at < surface.length; at++) score += (weights[at]! * (surface[at]! - mean[at]!)) / scale[at]!;
  return score;
}

export function scoreResponse(
  model: EmbeddedModel,
  prompt: readonly Message[],
  response: readonly Message[],
): ResponseScore {
  const linear = linearScore(model, prompt, response);
  if (model.method !== 'pointwise') return { score: linear, percentile: percentile(linear, model.trainingScores) };
  const score = expectedLevel(linear, model.thresholds);
  return {
    score,
    label: medianLevel(linear, model.thresholds),
    probabilities: ordinalProbabilities(linear, model.thresholds),
    percentile: percentile(score, model.trainingScores),
  };
}

/** Compares two responses to one prompt. */
export function compareResponses(
  model: EmbeddedModel,
  prompt: readonly Message[],
  a: readonly Message[],
  b: readonly Message[],
): ResponseComparison {
  if (model.method === 'pointwise')
    return compareLevels(scoreResponse(model, prompt, a), scoreResponse(model, prompt, b));
  const extractor = extractorOf(model);
  const facts = extractor.prompt(prompt);
  const scoreOf = (response: readonly Message[]) => scoreFeatures(model, extractor.response(facts, response));
  const comparison = compareScores(model, scoreOf(a), scoreOf(b));
  if (model.trainingMargins === undefined) return comparison;
  return { ...comparison, percentile: percentile(Math.abs(comparison.margin), model.trainingMargins) };
}

function compareScores(model: EmbeddedModel, a: number, b: number): ResponseComparison {
  const margin = a - b;
  if (model.method === 'pairwise') {
    const probabilities = threeWayProbabilities(margin, model.thresholds[0]!);
    return { margin, ...probabilities, verdict: likeliest(probabilities) };
  }
  const verdict = sideOf(margin);
  return { margin, probabilityA: sigmoid(margin), probabilityB: sigmoid(-margin), verdict };
}

/** Two pointwise scores taken as independent: how likely A's score is the higher, equal or the lower one. */
function compareLevels(a: ResponseScore, b: ResponseScore): ResponseComparison {
  let probabilityA = 0;
  let probabilityB = 0;
  let probabilityTie = 0;
  a.probabilities!.forEach((ofA, levelA) => {
    b.probabilities!.forEach((ofB, levelB) => {
      if (levelA > levelB) probabilityA += ofA * ofB;
      else if (levelA < levelB) probabilityB += ofA * ofB;
      else probabilityTie += ofA * ofB;
    });
  });
  const margin = a.score - b.score;
  return { margin, probabilityA, probabilityTie, probabilityB, verdict: sideOf(margin) };
}

const sideOf = (margin: number): Preference => (margin > 0 ? 'A' : margin < 0 ? 'B' : 'tie');
