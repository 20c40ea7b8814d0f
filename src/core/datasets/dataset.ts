/** A dataset: rows by index range with a schema, read lazily. Every reader (Parquet, JSONL, ...) is one of these. */

export type FileKind = 'parquet' | 'jsonl' | 'json' | 'csv';

export interface Column {
  /** As the file has it: may be empty, repeated or odd (`__proto__`). */
  readonly name: string;
  /** The type as a person reads it: `string`, `int64`, `list<struct<role: string, content: string>>`. */
  readonly type: string;
}

/** One file of a dataset; `rowCount` counts its rows. */
export interface DatasetFile {
  readonly path: string;
  readonly bytes: number;
  readonly rowCount: number;
}

export interface RowRange {
  /** First row, zero-based, inclusive. */
  readonly start: number;
  /** Exclusive; clipped to the number of rows. */
  readonly end: number;
  /** Indexes into `columns` of the cells wanted, in that order; all columns when absent. */
  readonly columns?: readonly number[];
}

/** Consecutive rows. `rows[i]` is row `start + i`; its cells follow the columns asked for. Null and missing are null. */
export interface RowBatch {
  readonly start: number;
  readonly rows: readonly (readonly unknown[])[];
}

export interface Dataset {
  /** What the user named: a file, a folder or a glob. */
  readonly name: string;
  readonly kind: FileKind;
  readonly files: readonly DatasetFile[];
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Streams the range in batches small enough to hold; `signal` aborts between and inside reads. */
  read(range: RowRange, signal?: AbortSignal): AsyncIterable<RowBatch>;
  close(): Promise<void>;
}
