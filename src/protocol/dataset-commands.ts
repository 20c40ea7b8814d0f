/** Commands of VS Code's menus, keys and palette that the page of a dataset carries out. */

import type { CopyFormat, CopyWhat } from './dataset-copy.ts';

export type ColumnAction = 'hide' | 'pin' | 'unpin' | 'sort-ascending' | 'sort-descending' | 'filter';

export type PageCommand =
  /** `cell`: the one that the menu was opened on; else the current one. */
  | {
      readonly kind: 'copy';
      readonly what: CopyWhat;
      readonly format: CopyFormat;
      readonly cell?: { readonly row: number; readonly column: number };
    }
  | { readonly kind: 'find' | 'go-to-row' | 'export' }
  | { readonly kind: 'go-to-column'; readonly column: number }
  | { readonly kind: 'show-columns'; readonly columns: readonly number[] }
  | { readonly kind: 'column'; readonly action: ColumnAction; readonly column: number };
