/** Holds out a share of the prompts: rows with one prompt always lie on the same side; a row without one is its own. */

import type { RowRecord } from '../../datasets/records.ts';
import { groupOf } from '../../datasets/split.ts';
import { shuffle } from './random.ts';

export interface ValidationSplit<R extends RowRecord> {
  readonly train: readonly R[];
  readonly validation: readonly R[];
}

/**
 * Takes whole prompts, in an order shuffled by `random`, until at least `share` of the rows are held out, but always
 * leaves a prompt to train on. Nothing is held out where `share` is 0 or there is one prompt only. Rows keep their order.
 */
export function splitByPrompt<R extends RowRecord>(
  rows: readonly R[],
  share: number,
  random: () => number,
): ValidationSplit<R> {
  const keys = rows.map(({ record }) => groupOf(record));
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  const order = shuffle([...sizes.keys()], random);
  const held = new Set<string>();
  const wanted = share * rows.length;
  let rowsHeld = 0;
  for (const key of order.slice(0, -1)) {
    if (rowsHeld >= wanted) break;
    held.add(key);
    rowsHeld += sizes.get(key)!;
  }
  return {
    train: rows.filter((_, index) => !held.has(keys[index]!)),
    validation: rows.filter((_, index) => held.has(keys[index]!)),
  };
}
