/**
 * Fits one linear score and the parameters of a loss by per-row Adagrad steps (Duchi, Hazan and Singer 2011).
 * Sums run in a fixed order in float64 and the model keeps float32, so one build of Node gives the same bytes each time.
 * `Math.exp` and `Math.log1p` are the only functions whose last bit may differ between platforms: there the weights may
 * differ in their last digits. Byte equality was measured on linux-x64 only.
 */

import type { Design } from './design.ts';
import type { Loss, ScoreGradient } from './loss.ts';
import { shuffle } from './random.ts';

export interface Weights {
  readonly hashed: Float64Array;
  readonly surface: Float64Array;
  readonly parameters: Float64Array;
}

export interface FitSettings {
  readonly learning_rate: number;
  readonly surface_learning_rate: number;
  readonly l2: number;
  readonly epochs: number;
  readonly patience: number;
}

/** After an epoch, counted from 1. Losses are means in nats; undefined where there are no validation rows. */
export interface EpochReport {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validation: { readonly loss: number; readonly accuracy: number; readonly margin: number } | undefined;
}

export interface FitResult {
  readonly weights: Weights;
  /** The epoch whose weights were kept. */
  readonly epoch: number;
}

/** Keeps the first steps finite: the squared gradient a weight starts with. */
const FIRST_SQUARES = 1e-3;

/** Rows between two looks at the clock of the caller: a few milliseconds of work. */
const CHUNK = 512;

/**
 * Minimises the loss plus l2/2 w^2 of the weights each row uses (so a rare feature is shrunk less often than a common
 * one). The rows are visited in an order shuffled anew each epoch by `random`. After each epoch the loss is measured on
 * `validation`; the best weights are returned, and `patience` epochs without better ones end the fit. Without validation
 * rows it runs all epochs and returns the last weights. Averaging the weights over an epoch was tried: no gain.
 * `pause` is awaited between chunks of rows; it may throw to cancel. Deterministic for the order `random` gives.
 */
export async function fitWeights(
  train: Design,
  validation: Design | undefined,
  columnCount: number,
  loss: Loss,
  settings: FitSettings,
  random: () => number,
  pause: () => Promise<void>,
  onEpoch: (report: EpochReport) => void,
): Promise<FitResult> {
  const weights = newWeights(columnCount, train.width, loss.initial(train.labels));
  const state = newState(weights);
  const order = Int32Array.from({ length: train.count }, (_, row) => row);
  let best = { weights: copyWeights(weights), epoch: 0, loss: Number.POSITIVE_INFINITY };
  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    shuffle(order, random);
    let total = 0;
    let correct = 0;
    for (let at = 0; at < order.length; at++) {
      if (at % CHUNK === 0) await pause();
      const seen = step(train, order[at]!, weights, state, loss, settings);
      total += seen.loss;
      correct += seen.correct;
    }
    const measured = validation && measure(validation, weights, loss);
    onEpoch({
      epoch,
      trainLoss: total / train.count,
      trainAccuracy: correct / train.count,
      validation: measured,
    });
    const current = measured?.loss ?? -epoch;
    if (current < best.loss) best = { weights: copyWeights(weights), epoch, loss: current };
    else if (epoch - best.epoch >= settings.patience) break;
  }
  return { weights: best.weights, epoch: best.epoch };
}

export function newWeights(columns: number, width: number, parameters: Float64Array): Weights {
  return { hashed: new Float64Array(columns), surface: new Float64Array(width), parameters };
}

const copyWeights = ({ hashed, surface, parameters }: Weights): Weights => ({
  hashed: hashed.slice(),
  surface: surface.slice(),
  parameters: parameters.slice(),
});

interface State {
  /** Sums of squared gradients. */
  readonly hashed: Float64Array;
  readonly surface: Float64Array;
  readonly parameters: Float64Array;
  readonly gradient: ScoreGradient;
}

const newState = ({ hashed, surface, parameters }: Weights): State => ({
  hashed: new Float64Array(hashed.length).fill(FIRST_SQUARES),
  surface: new Float64Array(surface.length).fill(FIRST_SQUARES),
  parameters: new Float64Array(parameters.length).fill(FIRST_SQUARES),
  gradient: { score: 0, parameters: new Float64Array(parameters.length) },
});

/** The linear score of a row. */
export function rowScore(design: Design, row: number, weights: Weights): number {
  const { columns, values, dense, width } = design;
  const { hashed, surface } = weights;
  let score = 0;
  for (let at = design.starts[row]!; at < design.starts[row + 1]!; at++) score += hashed[columns[at]!]! * values[at]!;
  for (let at = 0; at < width; at++) score += surface[at]! * dense[row * width + at]!;
  return score;
}

function step(design: Design, row: number, weights: Weights, state: State, loss: Loss, settings: FitSettings) {
  const { columns, values, dense, width } = design;
  const { gradient } = state;
  const score = rowScore(design, row, weights);
  const label = design.labels[row]!;
  const value = loss.row(score, label, weights.parameters, gradient);
  const correct = loss.correct(score, label, loss.thresholds(weights.parameters));
  const { l2 } = settings;
  const slope = gradient.score;
  for (let at = design.starts[row]!; at < design.starts[row + 1]!; at++) {
    const column = columns[at]!;
    const slopeHere = slope * values[at]! + l2 * weights.hashed[column]!;
    state.hashed[column]! += slopeHere * slopeHere;
    weights.hashed[column]! -= (settings.learning_rate * slopeHere) / Math.sqrt(state.hashed[column]!);
  }
  for (let at = 0; at < width; at++) {
    const slopeHere = slope * dense[row * width + at]! + l2 * weights.surface[at]!;
    state.surface[at]! += slopeHere * slopeHere;
    weights.surface[at]! -= (settings.surface_learning_rate * slopeHere) / Math.sqrt(state.surface[at]!);
  }
  for (let at = 0; at < weights.parameters.length; at++) {
    const slopeHere = gradient.parameters[at]!;
    state.parameters[at]! += slopeHere * slopeHere;
    weights.parameters[at]! -= (settings.surface_learning_rate * slopeHere) / Math.sqrt(state.parameters[at]!);
  }
  return { loss: value, correct };
}

/** Mean loss, accuracy and score of all rows of a design. */
export function measure(design: Design, weights: Weights, loss: Loss) {
  const thresholds = loss.thresholds(weights.parameters);
  let total = 0;
  let correct = 0;
  let margin = 0;
  for (let row = 0; row < design.count; row++) {
    const score = rowScore(design, row, weights);
    total += loss.row(score, design.labels[row]!, weights.parameters);
    correct += loss.correct(score, design.labels[row]!, thresholds);
    margin += score;
  }
  return { loss: total / design.count, accuracy: correct / design.count, margin: margin / design.count };
}
