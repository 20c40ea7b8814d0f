/** What the alert rules look at: the newest values of the metrics they know, and the pace of the steps. */

import type { RunEvent } from '../events.ts';

/** Metrics by the names of docs/run-format.md. */
export const WATCHED = {
  loss: 'train/loss',
  accuracy: 'train/accuracy',
  reward: 'train/reward',
  deadGroups: 'train/dead_groups',
  kl: 'train/kl',
  parseFailures: 'train/parse_failures',
} as const;
export type Watched = keyof typeof WATCHED;

const WATCHED_NAMES = Object.entries(WATCHED) as [Watched, string][];

/** The most values that a rule looks back on. */
const KEPT = 100;

/** The newest numbers of a series, and how many there were in all. */
export class RecentValues {
  readonly #ring = new Float64Array(KEPT);
  #count = 0;

  push(value: number): void {
    this.#ring[this.#count % KEPT] = value;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** The newest `n`, oldest first; fewer where there are no more. */
  last(n: number): number[] {
    const length = Math.min(n, KEPT, this.#count);
    return Array.from({ length }, (_, index) => this.#ring[(this.#count - length + index) % KEPT]!);
  }
}

export class AlertWindow {
  readonly attempt: number;
  readonly values: Readonly<Record<Watched, RecentValues>> = {
    loss: new RecentValues(),
    accuracy: new RecentValues(),
    reward: new RecentValues(),
    deadGroups: new RecentValues(),
    kl: new RecentValues(),
    parseFailures: new RecentValues(),
  };
  /** Milliseconds between the steps, by the trainer's clock. */
  readonly stepTimes = new RecentValues();
  step: number | undefined;
  totalSteps: number | undefined;
  /** The first loss that was no number. */
  lossNotFinite: { readonly name: string; readonly value: string; readonly step: number } | undefined;
  #stepAt: number | undefined;

  constructor(attempt: number) {
    this.attempt = attempt;
  }

  /** Takes the next event; those of other attempts change nothing. */
  take(event: RunEvent): void {
    if (event.attempt !== this.attempt || event.kind !== 'metrics') return;
    const { step, total_steps: totalSteps, values, not_finite: notFinite } = event;
    this.#pace(step, Date.parse(event.time));
    this.totalSteps = totalSteps ?? this.totalSteps;
    for (const [key, name] of WATCHED_NAMES) {
      const value = values[name];
      if (value !== undefined) this.values[key].push(value);
    }
    if (this.lossNotFinite || !notFinite) return;
    const name = Object.keys(notFinite).find((candidate) => /(^|[/_])loss$/.test(candidate));
    if (name !== undefined) this.lossNotFinite = { name, value: notFinite[name]!, step };
  }

  /** A clock that was set back tells no time between two steps. */
  #pace(step: number, at: number): void {
    if (this.step !== undefined && this.#stepAt !== undefined && step > this.step && at >= this.#stepAt) {
      this.stepTimes.push((at - this.#stepAt) / (step - this.step));
    }
    if (this.step !== step) {
      this.step = step;
      this.#stepAt = at;
    }
  }
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
