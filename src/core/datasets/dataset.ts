/** A dataset: rows by index range with a schema, read lazily. Every reader (Parquet, JSONL, ...) is one of these. */

export type FileKind = 'parquet' | 'arrow' | 'jsonl' | 'json' | 'csv';

export interface Column {
  /** As the file has it: may be empty, repeated or odd (`__proto__`). */
  readonly name: string;
  /** The type as a person reads it: `string`, `int64`, `list<struct<role: string, content: string>>`. */
  readonly type: string;
}

/** How a Parquet file is laid out. */
export interface ParquetLayout {
  readonly rowGroups: number;
  /** Rows of the largest row group. */
  readonly largestRowGroup: number;
  /** Compression codecs in use, as the format names them: `ZSTD`, `SNAPPY`, `UNCOMPRESSED`. */
  readonly codecs: readonly string[];
  /** Whether every large column chunk has an offset index, so that a few rows can be read without the whole chunk. */
  readonly pageIndex: boolean;
  /** The program that wrote the file, where it says. */
  readonly createdBy?: string;
  /** Key-value metadata of the footer. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** One file of a dataset; `rowCount` counts its rows. */
export interface DatasetFile {
  readonly path: string;
  readonly bytes: number;
  readonly rowCount: number;
  readonly parquet?: ParquetLayout;
}

/** A line of a text file that is not a row: it is left out, and counted here. */
export interface MalformedLine {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly message: string;
}

export interface MalformedLines {
  readonly count: number;
  /** The first of them, at most `MALFORMED_LINES_KEPT`. */
  readonly first: readonly MalformedLine[];
}

export const MALFORMED_LINES_KEPT = 100;
export const NO_MALFORMED_LINES: MalformedLines = { count: 0, first: [] };

export interface RowRange {
  /** First row, zero-based, inclusive. */
  readonly start: number;
  /** Exclusive; clipped to the number of rows. */
  readonly end: number;
  /** Indexes into `columns` of the cells wanted, in that order; all columns when absent. */
  readonly columns?: readonly number[];
  /** Whoever reads does not come back to these rows: little is held of them, and batches are small. */
  readonly forward?: boolean;
  /** Whoever reads takes texts as bytes where they are at hand, and asks for the rows only where these do not do. */
  readonly texts?: boolean;
}

/** Consecutive rows. `rows[i]` is row `start + i`; its cells follow the columns asked for. Null and missing are null. */
export interface RowBatch {
  readonly start: number;
  readonly rows: readonly (readonly unknown[])[];
  /** The same rows, where they were asked for and all cells are texts: valid until the next batch. */
  readonly texts?: TextBatch;
}

export interface TextBatch {
  readonly rows: number;
  /** In the order of the cells. */
  readonly columns: readonly TextColumn[];
}

/** In pieces, in which each text stands behind its length in bytes (4 bytes, little-endian). They need not be UTF-8. */
export type TextColumn = readonly TextPiece[];

export interface TextPiece {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** A row and the byte at which it begins. */
export interface RowMark {
  readonly row: number;
  readonly offset: number;
}

/** All that another thread needs to read the rows of a JSONL file without a pass of its own. */
export interface JsonlIndex {
  readonly columns: readonly Column[];
  /** In the order of the rows. */
  readonly marks: readonly RowMark[];
  readonly rowCount: number;
  readonly malformed: MalformedLines;
}

/** What opens the rows of a file in another thread without a pass to find them. It is plain data, so that it can be sent. */
export type Reopening =
  | { readonly kind: 'parquet'; readonly path: string }
  | { readonly kind: 'jsonl'; readonly path: string; readonly index: JsonlIndex };

export interface Dataset {
  /** What the user named: a file, a folder or a glob. */
  readonly name: string;
  readonly kind: FileKind;
  readonly files: readonly DatasetFile[];
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Lines of a JSONL file that could not be read as rows; the rows do not count them. */
  readonly malformed: MalformedLines;
  /** One for each file, for `reopenDataset`; absent where every thread would have to read the whole file again. */
  readonly reopen?: readonly Reopening[];
  /** Streams the range in batches small enough to hold; `signal` aborts between and inside reads. */
  read(range: RowRange, signal?: AbortSignal): AsyncIterable<RowBatch>;
  close(): Promise<void>;
}

/** One file as a reader opens it: a dataset of its own, before shards are joined. */
export type FileReader = Omit<Dataset, 'name' | 'files' | 'reopen'> & {
  readonly file: DatasetFile;
  readonly reopen?: Reopening;
};
