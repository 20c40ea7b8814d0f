/**
 * Slices by a number (a length, a strength) whose values are not known before: rows are counted by the number to two
 * significant digits, and at the end these are put together to slices of about equally many rows.
 */

import { type EvaluationTally, type Judged, tallyOf } from '../methods/evaluation-tally.ts';

/** Fewer different values than this are a slice each. */
const MOST_VALUES = 6;
const PARTS = 5;

export interface NumericSlice {
  readonly from: number;
  readonly to: number;
  readonly tally: EvaluationTally;
}

export class NumericSlices {
  readonly #kind: Judged['kind'];
  readonly #tallies = new Map<number, EvaluationTally>();
  /** Rows that have no such number. */
  without = 0;

  constructor(kind: Judged['kind']) {
    this.#kind = kind;
  }

  add(value: number | undefined, row: Judged): void {
    if (value === undefined || !Number.isFinite(value)) {
      this.without++;
      return;
    }
    // 0 and -0 are one value.
    const key = Number(value.toPrecision(2)) + 0;
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = tallyOf(this.#kind);
      this.#tallies.set(key, tally);
    }
    tally.add(row);
  }

  /** Ascending. */
  get slices(): NumericSlice[] {
    const values = [...this.#tallies].sort(([a], [b]) => a - b);
    if (values.length <= MOST_VALUES) return values.map(([value, tally]) => ({ from: value, to: value, tally }));
    const total = values.reduce((sum, [, tally]) => sum + tally.n, 0);
    const slices: NumericSlice[] = [];
    let before = 0;
    let part = -1;
    for (const [value, tally] of values) {
      // By the middle of its rows, so that the order in which they came decides nothing.
      const place = Math.min(PARTS - 1, Math.floor(((before + tally.n / 2) / total) * PARTS));
      before += tally.n;
      const last = slices.at(-1);
      if (place === part && last) {
        last.tally.merge(tally);
        slices[slices.length - 1] = { ...last, to: value };
        continue;
      }
      part = place;
      const joined = tallyOf(this.#kind);
      joined.merge(tally);
      slices.push({ from: value, to: value, tally: joined });
    }
    return slices;
  }
}
