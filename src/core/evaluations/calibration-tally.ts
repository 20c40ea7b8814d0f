/** Whether a grader is right as often as its probabilities say: by ten equal steps of the probability of what it answered. */

import { type Judged, SCORES } from '../methods/evaluation-tally.ts';
import { wilsonInterval } from '../methods/intervals.ts';
import type { Calibration } from './report.ts';

const BINS = 10;

export class CalibrationTally {
  readonly #bins = Array.from({ length: BINS }, () => ({ n: 0, right: 0, confidence: 0 }));

  add(row: Judged): void {
    const said = confidenceOf(row);
    if (!said || !Number.isFinite(said.confidence)) return;
    const bin = this.#bins[Math.min(BINS - 1, Math.floor(said.confidence * BINS))]!;
    bin.n++;
    bin.right += said.right;
    bin.confidence += said.confidence;
  }

  /** Null where no probability was given. */
  calibration(): Calibration | null {
    const n = this.#bins.reduce((sum, bin) => sum + bin.n, 0);
    if (n === 0) return null;
    const bins = this.#bins.flatMap((bin, at) => {
      if (bin.n === 0) return [];
      const [low, high] = wilsonInterval(bin.right, bin.n);
      return {
        from: at / BINS,
        to: (at + 1) / BINS,
        n: bin.n,
        confidence: bin.confidence / bin.n,
        right: bin.right / bin.n,
        interval: [low, high] as [number, number],
      };
    });
    const error = bins.reduce((sum, bin) => sum + (bin.n / n) * Math.abs(bin.right - bin.confidence), 0);
    return { bins, error, n };
  }
}

/** The probability given to what was answered, and whether it was right; of a pair that is undecided, half. */
function confidenceOf(row: Judged): { confidence: number; right: number } | undefined {
  switch (row.kind) {
    case 'preference-pair':
      if (row.probability === null) return undefined;
      return {
        confidence: Math.max(row.probability, 1 - row.probability),
        right: row.probability > 0.5 ? 1 : row.probability === 0.5 ? 0.5 : 0,
      };
    case 'scored-response':
      if (row.probabilities === null) return undefined;
      return { confidence: row.probabilities[SCORES.indexOf(row.answer)]!, right: row.answer === row.label ? 1 : 0 };
    case 'compared-responses':
      if (row.probabilities === null) return undefined;
      return { confidence: row.probabilities[row.verdict], right: row.verdict === row.preferred ? 1 : 0 };
  }
}
