/** Commands of VS Code's menus, keys and palette that the page of a dataset carries out. */

import type { CopyFormat, CopyWhat } from './dataset-copy.ts';

export type ColumnAction = 'hide' | 'pin' | 'unpin' | 'sort-ascending' | 'sort-descending' | 'filter';

export type PageCommand =
  /** `place`: the cell or column that the menu was opened on; what it leaves out is the current one's. */
  | {
      readonly kind: 'copy';
      readonly what: CopyWhat;
      readonly format: CopyFormat;
      readonly place: { readonly row?: number; readonly column?: number };
    }
  /** `show-row`: there is a row to show, which the page asks for. */
  | { readonly kind: 'find' | 'go-to-row' | 'export' | 'show-row' }
  | { readonly kind: 'go-to-column'; readonly column: number }
  | { readonly kind: 'show-columns'; readonly columns: readonly number[] }
  | { readonly kind: 'column'; readonly action: ColumnAction; readonly column: number };
