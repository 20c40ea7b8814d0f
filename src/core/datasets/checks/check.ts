/** What a check is: it sees every record once, keeps counts and hashes but no texts, and says what it found. */

import type { MethodId } from '../../methods/method.ts';
import type { Column, Dataset } from '../dataset.ts';
import type { ColumnMap } from '../formats/binding.ts';
import type { Fix } from './fix.ts';
import type { ObservedItem } from './observed-record.ts';
import type { RowSet } from './row-set.ts';
import type { Seen } from './seen.ts';
import type { Tokenizer } from './tokenizer.ts';

export type Severity = 'error' | 'warning' | 'info';

/** Structural checks always run; text checks read every word, so they run only where they are asked for. */
export type Tier = 'structural' | 'text';

/** Something that a check found. It holds no text of the data, so it can be shown and logged anywhere. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Rows (or records) concerned. */
  readonly count: number;
  /** Of all records the check looked at, 0 to 1. */
  readonly share: number;
  /** The first of them, at most 10, zero-based, ascending; `CheckRun.rowsOf` has them all. */
  readonly rows: readonly number[];
  readonly message: string;
  readonly hint?: string;
  /** Only where a fix is safe: it loses nothing but what the finding counts. */
  readonly fix?: Fix;
}

/** A finding as a check gives it: the title comes from its declaration, the first rows from all rows. */
export type FoundRows = Omit<Finding, 'title' | 'rows'> & { readonly rows?: RowSet };

/** A file beside the one that is checked. */
export interface OtherDataset {
  readonly dataset: Dataset;
  readonly map?: ColumnMap | undefined;
}

/** What a check may use apart from the records. */
export interface CheckContext {
  readonly method: MethodId;
  /** The other side of the split. */
  readonly against?: OtherDataset | undefined;
  /** What the model will be measured on. */
  readonly benchmark?: OtherDataset | undefined;
  readonly truncation?: { readonly tokenizer: Tokenizer; readonly maxLength: number } | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
  /** What is seen is joined by another thread, which alone says what was found. */
  readonly gathers?: boolean | undefined;
}

export interface CheckProgress {
  /** `checking rows`, or what a check reads before: `reading the benchmark`. */
  readonly phase: string;
  readonly rows: number;
  readonly totalRows: number;
}

export interface Check {
  /** All that it keeps of the rows, where what several threads saw can be joined: unless its declaration says otherwise. */
  readonly seen?: Seen;
  observe(item: ObservedItem): void;
  /** Sees the cells of the columns that its declaration asks for, once for every row. */
  observeCells?(row: number, cells: readonly unknown[]): void;
  findings(dataset: Dataset): readonly FoundRows[];
}

export interface CheckDeclaration {
  readonly id: string;
  readonly title: string;
  readonly tier: Tier;
  /** The findings it may give: what each is called, and how grave it is at most. */
  readonly finds: Readonly<Record<string, { readonly title: string; readonly severity: Severity }>>;
  /** The methods it says something about; all where absent. */
  readonly methods?: readonly MethodId[];
  /** What must be given for it to run, and how a person gives it. */
  readonly needs?: { readonly input: 'against' | 'benchmark' | 'truncation'; readonly hint: string };
  /** It cannot be joined from what several threads saw. */
  readonly seesEveryRow?: boolean;
  /** Columns that it reads beside the records, as indexes. */
  columns?(columns: readonly Column[]): readonly number[];
  /** Without the inputs of the context where it only gathers, for another thread. */
  start(context: CheckContext): Check | Promise<Check>;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
