/** Writes records as an Arrow IPC file (Feather version 2): native nested values, small record batches. */

// Imported by their files: the package as a whole would add all it can do to every bundle.
import type { Builder } from 'apache-arrow';
import { makeData } from 'apache-arrow/data';
import { makeBuilder } from 'apache-arrow/factories';
import { AsyncByteQueue } from 'apache-arrow/io/stream';
import { RecordBatchFileWriter } from 'apache-arrow/ipc/writer';
import { RecordBatch } from 'apache-arrow/recordbatch';
import { Field, Schema } from 'apache-arrow/schema';
import { type DataType, Float64, Int32, List, Struct, Utf8 } from 'apache-arrow/type';
import type { TrainingRecord } from '../records.ts';
import { cellLength, type OutputColumn, type OutputType } from './columns.ts';
import type { Layout } from './dialects/dialect.ts';
import type { OutputFile } from './output-file.ts';
import type { RecordWriter } from './writer.ts';

const BATCH_ROWS = 5_000;
/** UTF-16 units of text in one record batch: bounds the memory of this writer and of readers. */
const BATCH_CHARS = 16 * 2 ** 20;

/**
 * Without compression, which every reader of Arrow has and which lets it read single rows.
 * @param file where the bytes go; the caller finishes and commits it
 */
export function arrowRecordWriter(file: OutputFile, layout: Layout, part: string): RecordWriter {
  const schema = arrowSchema(layout.columns);
  const builders = schema.fields.map(({ type }) => makeBuilder({ type, nullValues: [null, undefined] }) as Builder);
  const chunks = new ChunkQueue();
  const writer = new RecordBatchFileWriter();
  writer.reset(chunks, schema);
  let rows = 0;
  let chars = 0;
  let index = 0;

  async function writeBatch(): Promise<void> {
    const children = builders.map((builder) => builder.flush());
    const data = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children });
    rows = 0;
    chars = 0;
    writer.write(new RecordBatch(schema, data));
    await file.write(chunks.take());
  }

  return {
    async write(record: TrainingRecord): Promise<void> {
      for (const [column, cell] of layout.cells(record, { part, index: index++ }).entries()) {
        builders[column]!.append(cell);
        chars += cellLength(cell);
      }
      rows++;
      if (rows >= BATCH_ROWS || chars >= BATCH_CHARS) await writeBatch();
    },
    async finish(): Promise<void> {
      if (rows > 0) await writeBatch();
      writer.finish();
      await file.write(chunks.take());
    },
  };
}

/** What the writer has written since the last look: its own queue can only be waited for. */
class ChunkQueue extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  take(): Uint8Array {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    return bytes;
  }
}

function arrowSchema(columns: readonly OutputColumn[]): Schema {
  return new Schema(columns.map(({ name, type }) => new Field(name, arrowType(type), true)));
}

function arrowType(type: OutputType): DataType {
  if (type === 'int') return new Int32();
  if (type === 'double') return new Float64();
  if (type === 'string') return new Utf8();
  if ('list' in type) return new List(new Field('item', arrowType(type.list), true));
  return new Struct(Object.entries(type.struct).map(([name, inner]) => new Field(name, arrowType(inner), true)));
}
