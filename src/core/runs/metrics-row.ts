/** The numbers of one step, beside their names: what curves are made of, a million times a run. */

import type { RunEvent } from './events.ts';
import { parseTimestamp } from './timestamps.ts';

export type MetricsEvent = Extract<RunEvent, { kind: 'metrics' }>;

export interface MetricsRow {
  readonly kind: 'metrics';
  readonly attempt: number;
  readonly step: number;
  readonly totalSteps: number | undefined;
  /** NaN where it is not known. */
  readonly epoch: number;
  readonly time: string;
  /** The same in milliseconds since 1970. */
  readonly ms: number;
  /** One and the same array for rows that follow each other and have the same names. */
  readonly names: readonly string[];
  /** One for each name, NaN and infinities among them. */
  readonly values: readonly number[];
}

const NOT_FINITE = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY } as const;

export function metricsRow({ attempt, step, total_steps, epoch, time, ...event }: MetricsEvent): MetricsRow {
  const { values, not_finite: notFinite = {} } = event;
  return {
    kind: 'metrics',
    attempt,
    step,
    totalSteps: total_steps,
    epoch: epoch ?? Number.NaN,
    time,
    ms: parseTimestamp(time),
    names: [...Object.keys(values), ...Object.keys(notFinite)],
    values: [...Object.values(values), ...Object.values(notFinite).map((said) => NOT_FINITE[said])],
  };
}

/** Rows of one attempt that follow each other, as the one that changes a run's state as they do. */
export class JoinedRows {
  #newest: MetricsRow | undefined;
  #totalSteps: number | undefined;
  #time = '';
  /** Of rows before the newest, where its names are others. */
  #values: Map<string, number> | undefined;

  /** False where the row is of another attempt than those before. */
  join(row: MetricsRow): boolean {
    const before = this.#newest;
    if (before !== undefined && before.attempt !== row.attempt) return false;
    if (before !== undefined && before.names !== row.names) this.#keep(before);
    this.#newest = row;
    this.#totalSteps = row.totalSteps ?? this.#totalSteps;
    if (row.time > this.#time) this.#time = row.time;
    return true;
  }

  /** The joined row; undefined where there is none. What is joined from now on is another. */
  take(): MetricsRow | undefined {
    const newest = this.#newest;
    if (newest === undefined) return undefined;
    const values = this.#values && this.#keep(newest);
    const row = { ...newest, totalSteps: this.#totalSteps, time: this.#time };
    this.#newest = undefined;
    this.#totalSteps = undefined;
    this.#time = '';
    this.#values = undefined;
    return values ? { ...row, names: [...values.keys()], values: [...values.values()] } : row;
  }

  #keep({ names, values }: MetricsRow): Map<string, number> {
    this.#values ??= new Map();
    for (const [at, name] of names.entries()) this.#values.set(name, values[at]!);
    return this.#values;
  }
}
