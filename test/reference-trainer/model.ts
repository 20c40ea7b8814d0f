/**
 * A logistic Bradley-Terry model of made-up preference pairs, trained by SGD with momentum. Everything that the next
 * step depends on is in `TrainingState`, so that one read back from a checkpoint goes on exactly as it would have.
 */

export interface ModelSettings {
  readonly seed: number;
  readonly rows: number;
  readonly width: number;
  readonly batch: number;
  readonly learning_rate: number;
}

export interface TrainingState {
  step: number;
  weights: number[];
  /** State of the optimiser. */
  velocity: number[];
  /** State of the random numbers, from which each epoch's order is drawn. */
  random: number;
  /** Order of the rows in this epoch, and how many of them were used. */
  order: number[];
  position: number;
}

const MOMENTUM = 0.9;

/** Differences of the features, chosen minus rejected: noisy, with one direction that is preferred. */
export function makePairs({ seed, rows, width }: ModelSettings): number[][] {
  const random = { random: seed + 1 };
  return Array.from({ length: rows }, () =>
    Array.from({ length: width }, (_, column) => nextRandom(random) - 0.5 + (column === 0 ? 0.3 : 0)),
  );
}

export function initialState({ seed, width }: ModelSettings): TrainingState {
  const zeros = () => Array.from({ length: width }, () => 0);
  return { step: 0, weights: zeros(), velocity: zeros(), random: seed, order: [], position: 0 };
}

/** One step on one batch; returns the batch's mean loss in nats and its accuracy before the step. */
export function trainStep(state: TrainingState, pairs: readonly number[][], settings: ModelSettings) {
  const gradient = state.weights.map(() => 0);
  let loss = 0;
  let correct = 0;
  for (let taken = 0; taken < settings.batch; taken += 1) {
    const pair = pairs[nextRow(state, pairs.length)]!;
    const margin = pair.reduce((sum, value, column) => sum + value * state.weights[column]!, 0);
    loss += Math.log1p(Math.exp(-margin));
    correct += margin > 0 ? 1 : margin === 0 ? 0.5 : 0;
    const slope = -1 / (1 + Math.exp(margin));
    for (let column = 0; column < pair.length; column += 1) gradient[column]! += slope * pair[column]!;
  }
  for (let column = 0; column < gradient.length; column += 1) {
    state.velocity[column] = MOMENTUM * state.velocity[column]! + gradient[column]! / settings.batch;
    state.weights[column]! -= settings.learning_rate * state.velocity[column]!;
  }
  state.step += 1;
  return { loss: loss / settings.batch, accuracy: correct / settings.batch };
}

function nextRow(state: TrainingState, rows: number): number {
  if (state.position === state.order.length) {
    state.order = Array.from({ length: rows }, (_, row) => row);
    for (let last = rows - 1; last > 0; last -= 1) {
      const other = Math.floor(nextRandom(state) * (last + 1));
      [state.order[last], state.order[other]] = [state.order[other]!, state.order[last]!];
    }
    state.position = 0;
  }
  const row = state.order[state.position]!;
  state.position += 1;
  return row;
}

/** Mulberry32, public domain: 0 to 1. */
function nextRandom(state: { random: number }): number {
  state.random = (state.random + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state.random ^ (state.random >>> 15), 1 | state.random);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
