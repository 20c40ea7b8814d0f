/** Reads one row by itself: what its fields alone make of it, where a dataset would ask all of its rows. */

import type { TrainingRecord } from '../records.ts';
import { bindShape } from './binding.ts';
import { BoundFormat } from './bound-format.ts';
import { SHAPES } from './shapes.ts';

const MOST_HEADERS = 50;
const BY_RANK = SHAPES.toSorted((one, other) => one.rank - other.rank);

/** The formats that a header fits, by the header: rows of one file have the same. */
const formatsOf = new Map<string, readonly BoundFormat[]>();

/** The records that any known shape makes of a row, those of the most particular shape first. */
export function recordsOfRow(row: Readonly<Record<string, unknown>>): TrainingRecord[] {
  const names = Object.keys(row);
  const cells = Object.values(row);
  return boundFormats(names).flatMap((format) =>
    format
      .interpret(format.columns.map((column) => cells[column]))
      .flatMap((result) => ('record' in result ? [result.record] : [])),
  );
}

function boundFormats(names: readonly string[]): readonly BoundFormat[] {
  const key = JSON.stringify(names);
  const known = formatsOf.get(key);
  if (known !== undefined) return known;
  const columns = names.map((name) => ({ name, type: '' }));
  const bound = BY_RANK.flatMap((shape) => {
    const found = bindShape(shape, names, []);
    return 'binding' in found ? [new BoundFormat(shape, found.binding, columns)] : [];
  });
  if (formatsOf.size >= MOST_HEADERS) formatsOf.clear();
  formatsOf.set(key, bound);
  return bound;
}
