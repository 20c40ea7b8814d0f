/**
 * The metrics of one run as curves, folded from its events. A resumed run continues the same curve: an attempt that
 * begins at step s supersedes what earlier attempts had from s on, and the superseded stretches are kept beside it.
 */

import { floatColumn, indexColumn, smallColumn } from './growing-columns.ts';
import type { MetricsRow } from './metrics-row.ts';

/** What a curve had before a later attempt went over the same steps again. */
export interface SupersededStretch {
  /** Of the events. */
  readonly index: Uint32Array;
  readonly value: Float64Array;
}

/** The values of one metric, one per step, in ascending steps. */
export class MetricCurve {
  /** Of the event that each value came with. */
  readonly index = indexColumn();
  readonly value = floatColumn();
  readonly superseded: SupersededStretch[] = [];
  /** How often values were taken back or replaced: what was computed of the curve before holds no more. */
  rewrites = 0;
}

export interface AttemptBegin {
  readonly attempt: number;
  /** Of its first metrics. */
  readonly step: number;
  /** The number of its first event. */
  readonly index: number;
  /** The last step that earlier attempts had reached, where this one goes over some of them again. */
  readonly rerunTo: number | undefined;
}

export class MetricHistory {
  /** Shared columns, one number an event: its step, */
  readonly step = floatColumn();
  /** its epoch (NaN where it has none), */
  readonly epoch = floatColumn();
  /** seconds of training before it, pauses between attempts left out, */
  readonly seconds = floatColumn();
  /** and the attempt it belongs to. */
  readonly attempt = smallColumn();
  readonly curves = new Map<string, MetricCurve>();
  readonly attempts: AttemptBegin[] = [];
  #lastMs = Number.NaN;
  #lastSeconds = 0;
  #highestStep = -1;
  /** Of the row before, and their curves. */
  #names: readonly string[] = [];
  #named: readonly MetricCurve[] = [];

  /** Late lines of an attempt that another has followed change nothing. */
  add(row: MetricsRow): void {
    const { attempt, step, ms, names, values } = row;
    const current = this.attempts.at(-1);
    if (current !== undefined && attempt < current.attempt) return;
    if (current?.attempt !== attempt) this.#begin(row);
    // A clock that was set back must not fold the curve over itself.
    else this.#lastSeconds += Math.max(0, (ms - this.#lastMs) / 1000);
    this.#lastMs = ms;
    this.#highestStep = Math.max(this.#highestStep, step);
    const index = this.step.length;
    this.step.push(step);
    this.epoch.push(row.epoch);
    this.seconds.push(this.#lastSeconds);
    this.attempt.push(attempt);
    if (names !== this.#names) {
      this.#names = names;
      this.#named = names.map((name) => this.#curveOf(name));
    }
    for (let at = 0; at < values.length; at += 1) this.#addValue(this.#named[at]!, index, step, values[at]!);
  }

  #begin({ attempt, step }: MetricsRow): void {
    const rerunTo = this.attempts.length > 0 && this.#highestStep >= step ? this.#highestStep : undefined;
    this.attempts.push({ attempt, step, index: this.step.length, rerunTo });
    if (rerunTo === undefined) return;
    for (const curve of this.curves.values()) this.#supersede(curve, step);
    this.#highestStep = step;
  }

  #curveOf(name: string): MetricCurve {
    let curve = this.curves.get(name);
    if (!curve) {
      curve = new MetricCurve();
      this.curves.set(name, curve);
    }
    return curve;
  }

  #addValue(curve: MetricCurve, index: number, step: number, value: number): void {
    const { length } = curve.index;
    if (length > 0 && this.step.data[curve.index.data[length - 1]!]! >= step) this.#supersede(curve, step);
    curve.index.push(index);
    curve.value.push(value);
  }

  /** Takes the values from `step` on back. One that is only said again for its step is replaced. */
  #supersede(curve: MetricCurve, step: number): void {
    const from = this.#firstFrom(curve, step);
    if (from === curve.index.length) return;
    const index = curve.index.cut(from);
    const value = curve.value.cut(from);
    curve.rewrites += 1;
    const saidAgain = index.length === 1 && this.attempt.data[index[0]!] === this.attempts.at(-1)?.attempt;
    if (!saidAgain) curve.superseded.push({ index, value });
  }

  #firstFrom(curve: MetricCurve, step: number): number {
    let low = 0;
    let high = curve.index.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.step.data[curve.index.data[middle]!]! < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
