/** Writes rows as Parquet: native nested values, small row groups, a page index. */

import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { cellLength, type OutputCell } from './columns.ts';
import type { RowLayout } from './dialects/dialect.ts';
import type { OutputFile } from './output-file.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { RecordWriter } from './writer.ts';

const GROUP_ROWS = 5_000;
/**
 * UTF-16 units of text in one row group: at most 3 bytes of UTF-8 each, so that a group stays below 128 MB uncompressed.
 * With every column of a group in memory at once this bounds the writer, too.
 */
const GROUP_CHARS = 16 * 2 ** 20;
export const PARQUET_CREATOR = 'Reward Studio';

/** What Parquet stores besides the cells of our own layouts: integers of 64 bits, truth values, and text as its bytes. */
export type ParquetCell = OutputCell | bigint | boolean | Uint8Array;

/**
 * Snappy is chosen because every Parquet reader has it and every supported Node writes the same bytes. A column of more
 * than one page has an offset index.
 * @param file where the bytes go; the caller finishes and commits it
 */
export function parquetRecordWriter<R>(file: OutputFile, layout: RowLayout<R>, part: string): RecordWriter<R> {
  const rows = parquetRowWriter(
    file,
    parquetSchema(layout.columns),
    layout.columns.map(({ name }) => name),
  );
  let index = 0;
  return {
    write: (record: R) => rows.write(layout.cells(record, { part, index: index++ })),
    finish: () => rows.finish(),
  };
}

/**
 * The same for rows of cells.
 * @param names of the columns, in the order of the cells; no two are alike
 * @param groupChars units of text, or bytes, after which a row group is written
 */
export function parquetRowWriter(
  file: OutputFile,
  schema: SchemaElement[],
  names: readonly string[],
  groupChars = GROUP_CHARS,
): RecordWriter<readonly ParquetCell[]> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: PARQUET_CREATOR });
  let rows: (readonly ParquetCell[])[] = [];
  let chars = 0;

  async function drain(): Promise<void> {
    await file.write(bytes.getBytes());
    bytes.index = 0;
  }

  async function writeGroup(): Promise<void> {
    const columnData = names.map((name, column) => ({ name, data: rows.map((row) => row[column]) }));
    rows = [];
    chars = 0;
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    await drain();
  }

  return {
    async write(row) {
      rows.push(row);
      for (const cell of row) chars += lengthOf(cell);
      if (rows.length >= GROUP_ROWS || chars >= groupChars) await writeGroup();
    },
    async finish(): Promise<void> {
      if (rows.length > 0) await writeGroup();
      await writer.finish();
      await drain();
    },
  };
}

function lengthOf(cell: ParquetCell): number {
  if (cell instanceof Uint8Array) return cell.byteLength;
  return typeof cell === 'bigint' || typeof cell === 'boolean' ? 8 : cellLength(cell);
}
