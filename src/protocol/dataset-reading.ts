/** A row as a person reads it: the conversation, its answers side by side, the label; whatever columns it came from. */

import type { TextStart, Turn } from './dataset-viewer.ts';

export interface ReadingRequest {
  readonly row: number;
  /** Which record of a row that holds several, zero-based. */
  readonly record: number;
}

export interface Turns {
  /** The first of them. */
  readonly turns: readonly Turn[];
  /** Of all. */
  readonly count: number;
}

export interface ReadingAnswer extends Turns {
  /** `chosen`, `rejected`, `A`, `B` or `response`. */
  readonly title: string;
  readonly verdict?: 'better' | 'worse';
  /** Characters of all its turns, in UTF-16 code units. */
  readonly chars: number;
}

/** A label or a score in words, with its scale: `strength`, `2 of 2`. */
export interface ReadingFact {
  readonly name: string;
  readonly value: string;
  /** Place on its scale, 0 to 1, where it has one. */
  readonly share?: number;
}

export interface RowReading {
  readonly row: number;
  readonly record: number;
  /** How many records the row holds. */
  readonly records: number;
  readonly prompt: Turns;
  readonly answers: readonly ReadingAnswer[];
  readonly facts: readonly ReadingFact[];
  /** Why the row gives no record: what is wrong, in which column. */
  readonly problem?: string;
  /** Indexes of the columns that are read here; the others are "other fields". */
  readonly columns: readonly number[];
}

/** The next piece of a long turn: of the prompt, or of the answer with that index. */
export interface ReadingTextRequest extends ReadingRequest {
  readonly part: 'prompt' | number;
  readonly turn: number;
  readonly from: number;
}

export type { TextStart, Turn };
