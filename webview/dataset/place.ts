/** Where the reader of the page is: the part of its state that survives hiding and reloading. */

export const VIEWS = ['data', 'checks'] as const;
export type View = (typeof VIEWS)[number];

export interface Place {
  /** The current row, zero-based. */
  readonly row: number;
  /** First column shown, where the dataset has more than fit. */
  readonly firstColumn: number;
  readonly detail: boolean;
  readonly view: View;
  readonly scrollTop: number;
  readonly scrollLeft: number;
}

/** The place as it was saved, and how to save another. */
export interface Saved {
  readonly place: Place;
  readonly save: (place: Place) => void;
}

export const START: Place = { row: 0, firstColumn: 0, detail: false, view: 'data', scrollTop: 0, scrollLeft: 0 };

/** What was saved, as far as it is one: another version of the page may have saved it. */
export function restoredPlace(saved: unknown): Place {
  if (typeof saved !== 'object' || saved === null) return START;
  const { row, firstColumn, detail, view, scrollTop, scrollLeft } = saved as Record<string, unknown>;
  return {
    row: whole(row),
    firstColumn: whole(firstColumn),
    detail: detail === true,
    view: VIEWS.find((known) => known === view) ?? 'data',
    scrollTop: whole(scrollTop),
    scrollLeft: whole(scrollLeft),
  };
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
}

/** First index of the page that an index lies on. */
export function pageStart(index: number, size: number): number {
  return Math.floor(index / size) * size;
}
