/** What the alert rules look at: the newest values of the metrics they know, and the pace of the steps. */

import type { RunEvent } from '../events.ts';
import { RecentValues } from '../recent-values.ts';
import { StepPace } from '../step-pace.ts';

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
  step: number | undefined;
  totalSteps: number | undefined;
  /** The first loss that was no number. */
  lossNotFinite: { readonly name: string; readonly value: string; readonly step: number } | undefined;
  readonly #pace = new StepPace();

  constructor(attempt: number) {
    this.attempt = attempt;
  }

  /** Milliseconds between the steps, by the trainer's clock. */
  get stepTimes(): RecentValues {
    return this.#pace.times;
  }

  /** Takes the next event; those of other attempts change nothing. */
  take(event: RunEvent): void {
    if (event.attempt !== this.attempt || event.kind !== 'metrics') return;
    const { step, total_steps: totalSteps, values, not_finite: notFinite } = event;
    this.#pace.add(step, Date.parse(event.time));
    this.step = step;
    this.totalSteps = totalSteps ?? this.totalSteps;
    for (const [key, name] of WATCHED_NAMES) {
      const value = values[name];
      if (value !== undefined) this.values[key].push(value);
    }
    if (this.lossNotFinite || !notFinite) return;
    const name = Object.keys(notFinite).find((candidate) => /(^|[/_])loss$/.test(candidate));
    if (name !== undefined) this.lossNotFinite = { name, value: notFinite[name]!, step };
  }
}
