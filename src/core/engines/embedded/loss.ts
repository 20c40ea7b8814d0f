/** What every loss is to the fitting loop: a function of one linear score, a label and a few extra parameters. */

export interface ScoreGradient {
  /** d loss / d score. */
  score: number;
  /** d loss / d parameter. */
  readonly parameters: Float64Array;
}

export interface Loss {
  /** Starting values of the extra parameters (unconstrained numbers; `thresholds` gives their meaning). */
  initial(labels: Uint8Array): Float64Array;
  /** Loss of one row in nats; writes its gradient to `out` where given. */
  row(score: number, label: number, parameters: Float64Array, out?: ScoreGradient): number;
  /** The thresholds of the model: see `EmbeddedModel.thresholds`. */
  thresholds(parameters: Float64Array): number[];
  /** 1 where the row is decided correctly, 0 where wrong, one half where the model is undecided. */
  correct(score: number, label: number, thresholds: readonly number[]): number;
}

/** 1 / (1 + e^-x), without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}

/** log(1 + e^x), without overflow. */
export const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
