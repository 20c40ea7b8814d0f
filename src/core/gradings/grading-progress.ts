/** How far a grading is, in words: rows, speed, what is left, failures. */

import type { GradedPart } from './grade-rows.ts';

export interface GradingProgressReport {
  /** 0 to 1. */
  readonly share: number;
  readonly message: string;
}

const REPORT_EVERY_MS = 100;
/** The first rows say little of those that follow. */
const ESTIMATE_AFTER_MS = 2_000;

export class GradingProgress {
  readonly #total: number;
  readonly #open: number;
  readonly #tell: ((progress: GradingProgressReport) => void) | undefined;
  readonly #started = performance.now();
  #done = 0;
  #responses = 0;
  #failed = 0;
  #toldAt = 0;

  /** @param open rows that are still to be graded, of `total` */
  constructor(total: number, open: number, tell: ((progress: GradingProgressReport) => void) | undefined) {
    this.#total = total;
    this.#open = open;
    this.#tell = tell;
  }

  add({ rows, responses, failed }: GradedPart): void {
    this.#done += rows;
    this.#responses += responses;
    this.#failed += failed;
    const now = performance.now();
    if (!this.#tell || (now < this.#toldAt + REPORT_EVERY_MS && this.#done < this.#open)) return;
    this.#toldAt = now;
    const number = (value: number) => Math.round(value).toLocaleString('en');
    const took = now - this.#started;
    const parts = [
      `row ${number(this.#total - this.#open + this.#done)} of ${number(this.#total)}`,
      `${number(this.#responses / (took / 1000))} responses/s`,
      ...(took > ESTIMATE_AFTER_MS
        ? [`${durationText((took * (this.#open - this.#done)) / this.#done / 1000)} left`]
        : []),
      ...(this.#failed > 0 ? [`${number(this.#failed)} failed`] : []),
    ];
    this.#tell({
      share: (this.#total - this.#open + this.#done) / Math.max(1, this.#total),
      message: parts.join(' · '),
    });
  }
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
