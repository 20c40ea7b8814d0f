/** Rows that were left out, counted by reason. */

import type { MalformedLines } from './dataset.ts';

export interface DroppedRows {
  /**
   * A problem code of `readRecords`; `malformed-line`; `tie`, `margin-too-small`, `only-response` where pairs are made;
   * `duplicate`, `contradictory-labels`; or what the dialect cannot hold (`UnfitReason`).
   */
  readonly reason: string;
  /** Of records: a row may hold several. */
  readonly count: number;
  /** The first of them, at most 10; zero-based rows, but one-based lines for `malformed-line`. */
  readonly firstRows: readonly number[];
}

const ROWS_KEPT = 10;

export class DroppedRowCounter {
  readonly #byReason = new Map<string, { count: number; firstRows: number[] }>();

  constructor(malformed: MalformedLines) {
    if (malformed.count === 0) return;
    const firstRows = malformed.first.slice(0, ROWS_KEPT).map(({ line }) => line);
    this.#byReason.set('malformed-line', { count: malformed.count, firstRows });
  }

  add(reason: string, row: number): void {
    const known = this.#byReason.get(reason) ?? { count: 0, firstRows: [] };
    known.count++;
    // A row may hold several records that are left out.
    if (known.firstRows.length < ROWS_KEPT && known.firstRows.at(-1) !== row) known.firstRows.push(row);
    this.#byReason.set(reason, known);
  }

  /** The commonest reason first. */
  list(): DroppedRows[] {
    return [...this.#byReason].map(([reason, found]) => ({ reason, ...found })).sort((a, b) => b.count - a.count);
  }
}
