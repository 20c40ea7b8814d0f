/** Writes records as Parquet: native nested values, small row groups, a page index. */

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

/**
 * Snappy is chosen because every Parquet reader has it and every supported Node writes the same bytes. A column of more
 * than one page has an offset index.
 * @param file where the bytes go; the caller finishes and commits it
 */
export function parquetRecordWriter<R>(file: OutputFile, layout: RowLayout<R>, part: string): RecordWriter<R> {
  const { columns } = layout;
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: parquetSchema(columns), createdBy: 'Reward Studio' });
  let rows: (readonly OutputCell[])[] = [];
  let chars = 0;
  let index = 0;

  async function drain(): Promise<void> {
    await file.write(bytes.getBytes());
    bytes.index = 0;
  }

  async function writeGroup(): Promise<void> {
    const columnData = columns.map(({ name }, column) => ({ name, data: rows.map((row) => row[column]) }));
    rows = [];
    chars = 0;
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    await drain();
  }

  return {
    async write(record: R): Promise<void> {
      const row = layout.cells(record, { part, index: index++ });
      rows.push(row);
      for (const cell of row) chars += cellLength(cell);
      if (rows.length >= GROUP_ROWS || chars >= GROUP_CHARS) await writeGroup();
    },
    async finish(): Promise<void> {
      if (rows.length > 0) await writeGroup();
      await writer.finish();
      await drain();
    },
  };
}
