/** Writes records as Parquet: native nested message lists, small row groups, a page index. */

import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { MethodId } from '../../methods/method.ts';
import type { TrainingRecord } from '../records.ts';
import type { OutputFile } from './output-file.ts';
import { OUTPUT_COLUMNS, type OutputCell, type OutputColumn, outputRow } from './output-row.ts';
import type { RecordWriter } from './record-writer.ts';

const GROUP_ROWS = 5_000;
/** Characters of text in one row group; with every column of a group in memory at once this bounds the writer. */
const GROUP_CHARS = 32 * 2 ** 20;

/**
 * Snappy is chosen because every Parquet reader has it and every supported Node writes the same bytes.
 * @param file where the bytes go; the caller finishes and commits it
 */
export function parquetRecordWriter(file: OutputFile, method: MethodId): RecordWriter {
  const columns = OUTPUT_COLUMNS[method];
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'Reward Studio' });
  let rows: OutputCell[][] = [];
  let chars = 0;

  async function drain(): Promise<void> {
    await file.write(bytes.getBytes());
    bytes.index = 0;
  }

  async function writeGroup(): Promise<void> {
    const columnData = columns.map(({ name }, index) => ({ name, data: rows.map((row) => row[index]) }));
    rows = [];
    chars = 0;
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    await drain();
  }

  return {
    async write(record: TrainingRecord): Promise<void> {
      const row = outputRow(record);
      rows.push(row);
      chars += row.reduce((sum: number, cell) => sum + lengthOf(cell), 0);
      if (rows.length >= GROUP_ROWS || chars >= GROUP_CHARS) await writeGroup();
    },
    async finish(): Promise<void> {
      if (rows.length > 0) await writeGroup();
      await writer.finish();
      await drain();
    },
  };
}

function lengthOf(cell: OutputCell): number {
  return Array.isArray(cell) ? cell.reduce((sum, message) => sum + message.content.length, 0) : 8;
}

function schemaOf(columns: readonly OutputColumn[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(columnSchema)];
}

function columnSchema({ name, type }: OutputColumn): SchemaElement[] {
  switch (type) {
    case 'messages':
      return messagesSchema(name);
    case 'int':
      return [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }];
    case 'double':
      return [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }];
    case 'string':
      return [text(name)];
  }
}

/** `list<struct<role: string, content: string>>`, laid out as pyarrow does. */
function messagesSchema(name: string): SchemaElement[] {
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
    text('role'),
    text('content'),
  ];
}

function text(name: string): SchemaElement {
  return {
    name,
    type: 'BYTE_ARRAY',
    repetition_type: 'OPTIONAL',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
  };
}
