/**
 * Whole-file questions and their answers, as they travel between processes. Nothing but plain values: a page may
 * import this file. Columns are named by their index in the dataset, as names may be empty or repeated.
 */

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A number or boolean as such; anything else (and what JSON would round: large integers, decimals) as text. */
export type FilterValue = string | number | boolean;

/**
 * One condition on one column. A null never fulfils a condition except `is-null`, not even `!=` and `not-contains`.
 * A number compared with a text column compares the texts that are numbers.
 */
export type Condition =
  | {
      readonly kind: 'compare';
      readonly column: number;
      readonly operator: ComparisonOperator;
      readonly value: FilterValue;
    }
  /** In lists, structs and maps: any text inside. Letter case counts only with `caseSensitive`. */
  | {
      readonly kind: 'contains' | 'not-contains' | 'starts-with';
      readonly column: number;
      readonly text: string;
      readonly caseSensitive?: boolean;
    }
  | {
      readonly kind: 'matches';
      readonly column: number;
      /** A regular expression in RE2's syntax; it may match anywhere. */
      readonly pattern: string;
      readonly caseSensitive?: boolean;
    }
  /** Empty: a text, list or map of length 0; null is not empty. */
  | { readonly kind: 'is-null' | 'is-not-null' | 'is-empty' | 'is-not-empty'; readonly column: number }
  | { readonly kind: 'in'; readonly column: number; readonly values: readonly FilterValue[] }
  /** Characters (code points) of a text, items of a list, entries of a map. */
  | {
      readonly kind: 'length';
      readonly column: number;
      readonly operator: ComparisonOperator;
      readonly value: number;
    }
  | {
      readonly kind: 'columns';
      readonly column: number;
      readonly operator: ComparisonOperator;
      readonly other: number;
    };

export interface FilterGroup {
  readonly kind: 'all' | 'any';
  readonly of: readonly Filter[];
}

/** `all` of nothing is every row, `any` of nothing is none. */
export type Filter = Condition | FilterGroup;

export interface SortKey {
  readonly column: number;
  /** Nulls come last either way. */
  readonly descending?: boolean;
}

/** What a column is to a question; `other` can only be asked for nulls. */
export type ColumnFamily =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'time'
  | 'binary'
  | 'list'
  | 'struct'
  | 'map'
  | 'json'
  | 'other';

export interface QueryColumn {
  /** As the file has it. */
  readonly name: string;
  /** Its name in SQL: the same, unless that is empty or repeated (letter case does not count there). */
  readonly sqlName: string;
  /** DuckDB's type: `VARCHAR`, `STRUCT("role" VARCHAR, "content" VARCHAR)[]`. */
  readonly type: string;
  readonly family: ColumnFamily;
}

export interface QuerySummary {
  readonly rowCount: number;
  readonly columns: readonly QueryColumn[];
  /** The column of `data` that holds a row's number, counted from 0. */
  readonly rowColumn: string;
}

/** A value of JSON; integers and decimals that a double cannot hold are text, as are times, and bytes are hex (`0x...`). */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [field: string]: Cell };

export interface SearchRequest {
  readonly text: string;
  readonly caseSensitive?: boolean;
  readonly wholeWord?: boolean;
  /** `text` is a regular expression in RE2's syntax. */
  readonly regex?: boolean;
  /** All columns that hold text when absent. */
  readonly columns?: readonly number[];
}

/** Row numbers in ascending order, of rows after those of the parts before. */
export interface SearchHits {
  readonly kind: 'hits';
  readonly rows: Uint32Array;
}

export interface SearchAnswer {
  /** Rows with a hit. */
  readonly rows: number;
  /** Rows with a hit in each column searched. */
  readonly perColumn: readonly { readonly column: number; readonly rows: number }[];
}

export interface RowOrderRequest {
  readonly filter?: Filter;
  /** The order of the file when absent or empty, and between rows that are equal. */
  readonly sort?: readonly SortKey[];
}

/** The next rows in the order asked for, by their numbers. */
export interface RowOrderPart {
  readonly kind: 'rows';
  readonly rows: Uint32Array;
}

export interface RowOrderAnswer {
  readonly rows: number;
}

export interface StatisticsRequest {
  readonly filter?: Filter;
  /** All columns when absent. */
  readonly columns?: readonly number[];
}

export interface CountedValue {
  /** As text, at most `SHOWN_VALUE_CHARS` characters of it. */
  readonly value: string;
  /** Characters of the whole. */
  readonly chars: number;
  readonly count: number;
}

/** The most characters of a value in statistics. */
export const SHOWN_VALUE_CHARS = 200;

export interface LengthStatistics {
  readonly of: 'characters' | 'bytes' | 'items';
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly max: number;
  /** Counts of at most 30 bins of equal width from `min` to `max`; `binWidth` is a whole number. */
  readonly bins: readonly number[];
  readonly binWidth: number;
}

export interface ColumnStatistics {
  readonly kind: 'column';
  readonly column: number;
  readonly rows: number;
  readonly nulls: number;
  /** Texts, lists and maps of length 0; null where the type has no length. */
  readonly empty: number | null;
  readonly distinct: { readonly count: number; readonly approximate: boolean } | null;
  /** Of numbers and times; exact, and therefore text where a double would round. */
  readonly range: { readonly min: Cell; readonly max: Cell } | null;
  /** Of numbers that are finite; `median` is an estimate where `medianApproximate`. `sd` is the sample's, null below two. */
  readonly moments: {
    readonly mean: number;
    readonly median: number;
    readonly medianApproximate: boolean;
    readonly sd: number | null;
  } | null;
  readonly lengths: LengthStatistics | null;
  /** The most frequent values, at most 5, of many only those that repeat; null where there are too many to count. */
  readonly top: readonly CountedValue[] | null;
  /** Every value with its count, most frequent first, where there are at most 20 that also repeat. */
  readonly labels: readonly CountedValue[] | null;
}

export interface StatisticsAnswer {
  readonly rows: number;
}

export interface SelectRequest {
  /** One SELECT over the table `data`. */
  readonly sql: string;
  /** Rows to send; counting goes on after them. */
  readonly limit: number;
}

export interface SelectHead {
  readonly kind: 'columns';
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export interface SelectRows {
  readonly kind: 'cells';
  readonly rows: readonly (readonly Cell[])[];
}

export interface SelectAnswer {
  /** Rows of the whole result. */
  readonly rows: number;
  /** There are more rows than were sent. */
  readonly truncated: boolean;
  readonly milliseconds: number;
}

export type ExportFormat = 'parquet' | 'jsonl' | 'csv';

export type ExportSource =
  | ({ readonly kind: 'rows' } & RowOrderRequest)
  | { readonly kind: 'sql'; readonly sql: string };

export interface ExportRequest {
  readonly source: ExportSource;
  readonly format: ExportFormat;
  /** The file to write, chosen by the person. */
  readonly path: string;
  /** The person has agreed to replace what is there. */
  readonly replace?: boolean;
}

export interface ExportAnswer {
  readonly rows: number;
  readonly bytes: number;
}

/** What can be completed in the SQL box. */
export interface Completions {
  readonly columns: readonly string[];
  readonly functions: readonly string[];
  readonly keywords: readonly string[];
}

/** Bins of equal width; the last one holds what is beyond, too. */
export interface BinScale {
  readonly column: number;
  readonly min: number;
  readonly max: number;
  readonly binWidth: number;
  readonly count: number;
}

export interface DistributionsRequest {
  readonly filter?: Filter;
  /** All columns when absent. */
  readonly columns?: readonly number[];
  /** Bins to count in, those of the whole file for instance; a column without gets bins of its own. */
  readonly scales?: readonly BinScale[];
}

/** Of numbers that are finite (`values`), or of lengths. */
export interface ColumnDistribution {
  readonly kind: 'distribution';
  readonly column: number;
  readonly of: 'values' | LengthStatistics['of'];
  readonly min: number;
  readonly max: number;
  /** Rows in at most 30 bins of equal width from `min`. */
  readonly bins: readonly number[];
  readonly binWidth: number;
}

export interface DistributionsAnswer {
  /** Columns that have a distribution. */
  readonly columns: number;
}

/** From 0 to 1. */
export interface Progress {
  readonly kind: 'progress';
  readonly done: number;
}

/** What is sent while a question is being answered. */
export type AnswerPart =
  | Progress
  | SearchHits
  | RowOrderPart
  | ColumnStatistics
  | ColumnDistribution
  | SelectHead
  | SelectRows;
