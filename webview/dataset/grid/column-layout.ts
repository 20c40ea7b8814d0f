/** Which columns the grid shows, in which order, how wide, and which of them stay in place when it scrolls sideways. */

import type { Column } from '../../../src/core/datasets/dataset.ts';
import { isNarrow } from '../text.ts';

/** A column as the grid shows it; `index` is its place in the dataset, as names may be repeated. */
export interface ShownColumn extends Column {
  readonly index: number;
  readonly width: number;
  readonly pinned: boolean;
}

/** What a person changed, by index of the column. Widths are CSS pixels. */
export interface ColumnChanges {
  /** All columns in the order shown, or none where that is the dataset's. */
  readonly order: readonly number[];
  readonly widths: Readonly<Record<number, number>>;
  readonly hidden: readonly number[];
  readonly pinned: readonly number[];
}

export const NO_CHANGES: ColumnChanges = { order: [], widths: {}, hidden: [], pinned: [] };

export const LEAST_WIDTH = 48;
const MOST_WIDTH = 2_000;
const TEXT_WIDTH = 160;
const NARROW_WIDTH = 104;

/** The columns that touch a stretch of the scrolled part, and the room that those left and right of them take. */
export interface ColumnWindow {
  readonly columns: readonly ShownColumn[];
  readonly before: number;
  readonly after: number;
}

export class ColumnLayout {
  readonly #columns: readonly Column[];
  readonly #changes: ColumnChanges;
  /** Width of a text column that nobody has set: wider where the columns would not fill the grid. */
  readonly #textWidth: number;
  readonly pinned: readonly ShownColumn[];
  readonly scrolled: readonly ShownColumn[];
  readonly pinnedWidth: number;
  readonly scrolledWidth: number;

  /** @param room CSS pixels that the columns may fill without scrolling */
  constructor(columns: readonly Column[], changes: ColumnChanges, room = 0) {
    this.#columns = columns;
    this.#changes = changes;
    const hidden = new Set(changes.hidden);
    const order = changes.order.length === columns.length ? changes.order : columns.map((_, index) => index);
    const shown = order.filter((index) => !hidden.has(index));
    this.#textWidth = this.#sharedWidth(shown, room);
    const pins = new Set(changes.pinned);
    const all = shown.map((index) => this.#shown(index, pins.has(index)));
    this.pinned = all.filter((column) => column.pinned);
    this.scrolled = all.filter((column) => !column.pinned);
    this.pinnedWidth = sumOfWidths(this.pinned);
    this.scrolledWidth = sumOfWidths(this.scrolled);
  }

  /** From left to right. */
  get shown(): readonly ShownColumn[] {
    return [...this.pinned, ...this.scrolled];
  }

  get hidden(): readonly Column[] {
    return this.#changes.hidden.flatMap((index) => this.#columns[index] ?? []);
  }

  /** Of the scrolled columns, those within `width` pixels from `left`. */
  window(left: number, width: number): ColumnWindow {
    let before = 0;
    let first = 0;
    for (const column of this.scrolled) {
      if (before + column.width > left) break;
      before += column.width;
      first++;
    }
    let end = before;
    let last = first;
    while (last < this.scrolled.length && end < left + width) end += this.scrolled[last++]?.width ?? 0;
    return { columns: this.scrolled.slice(first, last), before, after: this.scrolledWidth - end };
  }

  /** Where a scrolled column begins, without the pinned ones. */
  leftOf(index: number): number {
    let left = 0;
    for (const column of this.scrolled) {
      if (column.index === index) return left;
      left += column.width;
    }
    return 0;
  }

  #sharedWidth(shown: readonly number[], room: number): number {
    const open = shown.filter((index) => !this.#isSet(index) && !isNarrow(this.#columns[index]?.type ?? ''));
    const taken = shown.reduce((sum, index) => sum + (open.includes(index) ? 0 : this.#givenWidth(index)), 0);
    return Math.max(TEXT_WIDTH, Math.floor((room - taken) / Math.max(1, open.length)));
  }

  #isSet(index: number): boolean {
    return this.#changes.widths[index] !== undefined;
  }

  #givenWidth(index: number): number {
    return this.#changes.widths[index] ?? NARROW_WIDTH;
  }

  #shown(index: number, pinned: boolean): ShownColumn {
    const { name, type } = this.#columns[index] ?? { name: '', type: '' };
    const own = this.#isSet(index) || isNarrow(type);
    return { index, name, type, pinned, width: own ? this.#givenWidth(index) : this.#textWidth };
  }
}

const sumOfWidths = (columns: readonly ShownColumn[]): number => columns.reduce((sum, { width }) => sum + width, 0);

export function resized(changes: ColumnChanges, index: number, width: number): ColumnChanges {
  const fitting = Math.round(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width)));
  return { ...changes, widths: { ...changes.widths, [index]: fitting } };
}

export function withHidden(changes: ColumnChanges, index: number, hidden: boolean): ColumnChanges {
  return { ...changes, hidden: withOrWithout(changes.hidden, index, hidden) };
}

export function withPinned(changes: ColumnChanges, index: number, pinned: boolean): ColumnChanges {
  return { ...changes, pinned: withOrWithout(changes.pinned, index, pinned) };
}

/** Puts a column before another one, or last. */
export function moved(changes: ColumnChanges, count: number, index: number, before: number | undefined): ColumnChanges {
  const order = changes.order.length === count ? changes.order : Array.from({ length: count }, (_, at) => at);
  const others = order.filter((other) => other !== index);
  const at = before === undefined ? others.length : others.indexOf(before);
  return { ...changes, order: others.toSpliced(at < 0 ? others.length : at, 0, index) };
}

function withOrWithout(indexes: readonly number[], index: number, wanted: boolean): readonly number[] {
  const others = indexes.filter((other) => other !== index);
  return wanted ? [...others, index] : others;
}

/** What was saved, as far as it is one for a dataset of so many columns. */
export function restoredChanges(saved: unknown, count: number): ColumnChanges {
  if (typeof saved !== 'object' || saved === null) return NO_CHANGES;
  const { order, widths, hidden, pinned } = saved as Record<string, unknown>;
  const indexes = (value: unknown): number[] =>
    Array.isArray(value)
      ? [...new Set(value.filter((index) => Number.isInteger(index) && index >= 0 && index < count))]
      : [];
  const restoredOrder = indexes(order);
  const known = Object.entries(typeof widths === 'object' && widths !== null ? widths : {}).filter(
    ([index, width]) =>
      Number(index) < count && typeof width === 'number' && width >= LEAST_WIDTH && width <= MOST_WIDTH,
  );
  const changes = {
    order: restoredOrder.length === count ? restoredOrder : [],
    widths: Object.fromEntries(known),
    hidden: indexes(hidden),
    pinned: indexes(pinned),
  };
  return changes.hidden.length >= count ? { ...changes, hidden: [] } : changes;
}
