/** Where the reader of the page is: the part of its state that survives hiding and reloading. */

import type { Condition, SortKey } from '../../src/core/queries/questions.ts';
import { type ColumnChanges, NO_CHANGES } from './grid/column-layout.ts';
import { READING_MODES, READING_START, type ReadingSettings } from './reading/settings.ts';

export const VIEWS = ['data', 'statistics', 'checks', 'sql', 'dataset'] as const;
export type View = (typeof VIEWS)[number];

export interface Place {
  /** The current row and column of the dataset, zero-based. */
  readonly row: number;
  readonly column: number;
  /** Pixels of rows above the upper edge. */
  readonly top: number;
  readonly detail: boolean;
  readonly view: View;
  readonly columns: ColumnChanges;
  readonly reading: ReadingSettings;
  readonly conditions: readonly Condition[];
  readonly sort: SortKey | null;
  readonly sql: string | null;
  /** The columns that the place is about; null before a dataset was opened. */
  readonly schema: string | null;
}

/** The place as it was saved, and how to save another. */
export interface Saved {
  readonly place: Place;
  readonly save: (place: Place) => void;
}

export const START: Place = {
  row: 0,
  column: 0,
  top: 0,
  detail: false,
  view: 'data',
  columns: NO_CHANGES,
  reading: READING_START,
  conditions: [],
  sort: null,
  sql: null,
  schema: null,
};

/** What was saved, as far as it is one: another version of the page may have saved it. */
export function restoredPlace(saved: unknown): Place {
  if (!isObject(saved)) return START;
  const { row, column, top, detail, view, columns, reading, conditions, sort, sql, schema } = saved;
  return {
    row: Math.floor(positive(row)),
    column: Math.floor(positive(column)),
    top: positive(top),
    detail: detail === true,
    view: VIEWS.find((known) => known === view) ?? 'data',
    // Checked when the dataset's columns are known.
    columns: isObject(columns) ? (columns as unknown as ColumnChanges) : NO_CHANGES,
    reading: restoredReading(reading),
    conditions: Array.isArray(conditions) && conditions.every(isObject) ? (conditions as unknown as Condition[]) : [],
    sort: isObject(sort) && Number.isInteger(sort.column) ? (sort as unknown as SortKey) : null,
    sql: typeof sql === 'string' ? sql : null,
    schema: typeof schema === 'string' ? schema : null,
  };
}

function restoredReading(saved: unknown): ReadingSettings {
  if (!isObject(saved)) return READING_START;
  const { mode, diff, markdown } = saved;
  return {
    mode: READING_MODES.find((known) => known === mode) ?? READING_START.mode,
    diff: typeof diff === 'boolean' ? diff : READING_START.diff,
    markdown: typeof markdown === 'boolean' ? markdown : READING_START.markdown,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function positive(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
