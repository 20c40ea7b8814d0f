/** The columns of a file that rows can be told apart by: few different short values, and none of the texts that are graded. */

import type { Column } from '../datasets/dataset.ts';
import type { BoundFormat } from '../datasets/formats/bound-format.ts';
import type { SampledRow } from '../datasets/sample.ts';

export const MOST_COLUMNS = 8;
export const MOST_VALUES = 40;
const LONGEST_VALUE = 60;
/** In words or parts of names: what such columns are called in the data sets that are about. */
const TELLING =
  /source|subset|categor|languag|lang\b|domain|task|topic|type|split|section|dataset|origin|annotator|level/i;
/** What stands in a column of its own in many files, and inside one of these in others. */
const NESTS = /^(metadata|meta|extra_info|info|additional_metadata)$/i;

export interface SliceColumn {
  readonly name: string;
  /** In the dataset. */
  readonly column: number;
  /** Of the cell, where it holds several values. */
  readonly key: string | null;
}

/** The candidates, the most telling ones first, by the rows of a sample; which of them hold is known when all rows have been read. */
export function sliceColumns(
  columns: readonly Column[],
  format: BoundFormat,
  sample: readonly SampledRow[],
): SliceColumn[] {
  const used = new Set(format.columns);
  const found: SliceColumn[] = [];
  columns.forEach(({ name }, column) => {
    if (used.has(column) && !NESTS.test(name)) return;
    for (const candidate of candidatesOf(name, column, sample)) if (tells(candidate, sample)) found.push(candidate);
  });
  const rank = ({ name }: SliceColumn) => (TELLING.test(name) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || a.column - b.column).slice(0, MOST_COLUMNS);
}

function candidatesOf(name: string, column: number, sample: readonly SampledRow[]): SliceColumn[] {
  if (!NESTS.test(name)) return [{ name, column, key: null }];
  const keys = new Set<string>();
  for (const { cells } of sample) {
    const cell = cells[column];
    if (isPlainObject(cell)) for (const key of Object.keys(cell)) keys.add(key);
  }
  return [...keys].map((key) => ({ name: `${name}.${key}`, column, key }));
}

function tells(candidate: SliceColumn, sample: readonly SampledRow[]): boolean {
  const values = new Set<string>();
  let rows = 0;
  for (const { cells } of sample) {
    const value = sliceValue(cells[candidate.column], candidate.key);
    if (value === null) continue;
    if (value === undefined) return false;
    values.add(value);
    rows++;
  }
  return values.size > 0 && values.size <= MOST_VALUES && (values.size === 1 || values.size <= rows / 2);
}

/** The cell as the name of a slice; null where there is none, undefined where it is none that could be one. */
export function sliceValue(cell: unknown, key: string | null): string | null | undefined {
  const value = key === null ? cell : isPlainObject(cell) ? cell[key] : null;
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return value.length <= LONGEST_VALUE ? value : undefined;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : undefined;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
