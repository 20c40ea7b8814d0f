/** What a person copies out of the grid. The reader makes the text of whole values, the host puts it on the clipboard. */

import type { CopyFormat } from '../core/datasets/copy-format.ts';

export type { CopyFormat };

export type CopyWhat = 'cell' | 'row' | 'column';

export interface CopyRequest {
  readonly what: CopyWhat;
  readonly format: CopyFormat;
  readonly row: number;
  readonly column: number;
  /** The columns shown, from left to right: those of a copied row. */
  readonly columns: readonly number[];
}

export interface CopiedText {
  readonly text: string;
  /** Rows of a copied column that are in the text, where these are not all. */
  readonly cutAt?: number;
}

/** A column is copied up to so many characters: clipboards are not made for more. */
export const MOST_COPIED_CHARS = 16_000_000;
