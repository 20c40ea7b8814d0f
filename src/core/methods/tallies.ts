/**
 * What measures are counted from, row by row: it does not grow with the rows, and two of a kind add up to that of all their
 * rows, so that a slice can be put together from smaller ones.
 */

import type { Measure, MeasureName } from './evaluation.ts';
import { meanInterval, wilsonInterval } from './intervals.ts';

export type ShareName = 'pair-accuracy' | 'exact-accuracy' | 'decided-accuracy';
export type MeanName = Exclude<MeasureName, ShareName | 'quadratic-weighted-kappa'>;

/** A share: 1 for a row that is right, 0 for one that is wrong, one half for one that is undecided. Wilson interval. */
export class ShareTally {
  n = 0;
  successes = 0;

  add(outcome: number, rows = 1): void {
    this.n += rows;
    this.successes += outcome * rows;
  }

  merge(other: ShareTally): void {
    this.n += other.n;
    this.successes += other.successes;
  }

  measure(name: ShareName): Measure {
    const { n, successes } = this;
    return { name, value: successes / n, n, interval: wilsonInterval(successes, n), better: 'higher' };
  }
}

/** A mean, with the squares that its interval needs, as Welford (1962) keeps them and Chan et al. (1979) add them up. */
export class MeanTally {
  n = 0;
  #mean = 0;
  #squares = 0;

  add(value: number, rows = 1): void {
    this.#join(rows, value, 0);
  }

  merge(other: MeanTally): void {
    this.#join(other.n, other.#mean, other.#squares);
  }

  measure(name: MeanName): Measure {
    const { n } = this;
    const value = n === 0 ? Number.NaN : this.#mean;
    const interval = meanInterval(value, this.#squares, n);
    return { name, value, n, interval, better: name === 'mean-margin' ? 'higher' : 'lower' };
  }

  #join(rows: number, mean: number, squares: number): void {
    if (rows === 0) return;
    const difference = mean - this.#mean;
    const n = this.n + rows;
    this.#squares += squares + (difference * difference * this.n * rows) / n;
    this.#mean += (difference * rows) / n;
    this.n = n;
  }
}

/** How often each class was answered to each label. */
export class CellTally {
  /** `cells[label][answer]`. */
  readonly cells: number[][];

  constructor(classes: number) {
    this.cells = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  }

  add(label: number, answer: number): void {
    this.cells[label]![answer]!++;
  }

  merge(other: CellTally): void {
    for (const [label, row] of other.cells.entries()) {
      for (const [answer, count] of row.entries()) this.cells[label]![answer]! += count;
    }
  }

  /** Rows of each label. */
  get labels(): number[] {
    return this.cells.map((row) => row.reduce((sum, count) => sum + count, 0));
  }

  /** The share of rows whose answer is their label. */
  get agreement(): ShareTally {
    const share = new ShareTally();
    for (const [label, row] of this.cells.entries()) {
      for (const [answer, count] of row.entries()) share.add(label === answer ? 1 : 0, count);
    }
    return share;
  }
}
