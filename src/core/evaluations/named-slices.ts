/** Slices by a value with a name. More names than can be read make no slices. */

import { type EvaluationTally, type Judged, tallyOf } from '../methods/evaluation-tally.ts';
import { MOST_VALUES } from './slice-columns.ts';

export class NamedSlices {
  readonly #kind: Judged['kind'];
  #tallies: Map<string, EvaluationTally> | undefined = new Map();
  /** Rows that have no such value. */
  without = 0;

  /** @param names in this order, where they are known before */
  constructor(kind: Judged['kind'], names: readonly string[] = []) {
    this.#kind = kind;
    for (const name of names) this.#tallies?.set(name, tallyOf(kind));
  }

  /** @param value undefined where it is none that could be a name */
  add(value: string | null | undefined, row: Judged): void {
    if (value === null) {
      this.without++;
      return;
    }
    const tallies = this.#tallies;
    if (!tallies) return;
    let tally = value === undefined ? undefined : tallies.get(value);
    if (value === undefined || (!tally && tallies.size >= MOST_VALUES)) {
      this.#tallies = undefined;
      return;
    }
    if (!tally) {
      tally = tallyOf(this.#kind);
      tallies.set(value, tally);
    }
    tally.add(row);
  }

  /** Of values that have rows. Names that were not known before are in numeric-aware order. */
  slices(sorted = true): { readonly value: string; readonly tally: EvaluationTally }[] {
    const slices = [...(this.#tallies ?? [])]
      .map(([value, tally]) => ({ value, tally }))
      .filter(({ tally }) => tally.n > 0);
    if (sorted) slices.sort((a, b) => a.value.localeCompare(b.value, 'en', { numeric: true }));
    return slices;
  }
}
