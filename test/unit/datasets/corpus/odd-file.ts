/** What the corpus of odd and damaged files is a list of, and the few writers that make them. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ColumnMetaData, FileMetaData, SchemaElement } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import { ByteWriter, ParquetWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { ErrorCode } from '../../../../src/core/errors.ts';

export interface OddFile {
  /** Of the file: its ending counts. */
  readonly name: string;
  /** What is odd about it. */
  readonly what: string;
  readonly make: () => string | Uint8Array | Promise<string | Uint8Array>;
  readonly expected: Refused | Shown;
}

/** The file, or the rows asked for, cannot be had: with this code, and a message and hint that say this. */
export interface Refused {
  readonly code: ErrorCode;
  readonly says: RegExp;
}

export interface Shown {
  readonly rows: number;
  /** Names of the columns, where they are what is odd. */
  readonly columns?: readonly string[];
  readonly types?: readonly string[];
  /** Row by row, exactly as shown; rows that are not listed only have to be readable. */
  readonly cells?: readonly (readonly string[])[];
  /** Row, column and what is true of the text shown there. */
  readonly at?: readonly (readonly [
    row: number,
    column: number,
    shown: string | RegExp | ((text: string) => boolean),
  ])[];
  /** Lines that are left out. */
  readonly malformed?: readonly number[];
}

const FIXTURES = path.resolve(import.meta.dirname, '../../../fixtures');

export const fixture = (name: string): Promise<Buffer> => readFile(path.join(FIXTURES, name));

let duckdb: Promise<DuckDBInstance> | undefined;

/** What DuckDB's COPY makes of a SELECT. Its pages are of version 1, its default codec Snappy. */
export async function copied(select: string, options = ''): Promise<Buffer> {
  duckdb ??= DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await (await duckdb).connect();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-copied-'));
  try {
    const file = path.join(folder, 'copied.parquet');
    await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet${options && `, ${options}`})`);
    return await readFile(file);
  } finally {
    connection.closeSync();
    await rm(folder, { recursive: true });
  }
}

type ColumnData = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
type WriteOptions = Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'>;

/** What hyparquet-writer makes of columns: pages of version 2. */
export function parquet(columnData: ColumnData, options: WriteOptions = {}): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData, ...options }));
}

/** Columns under a schema that is spelled out. */
export function parquetOf(elements: readonly SchemaElement[], columnData: ColumnData, options = {}): Buffer {
  const bytes = new ByteWriter();
  const top = elements.length - elements.reduce((sum, { num_children: inside = 0 }) => sum + inside, 0);
  const schema: SchemaElement[] = [{ name: 'schema', num_children: top }, ...elements];
  const writer = new ParquetWriter({ writer: bytes, schema });
  if (columnData.length > 0) writer.write({ columnData, ...options });
  writer.finish();
  return Buffer.from(bytes.getBytes());
}

/** A file of one column that is made of these pages. */
export function withPages(element: SchemaElement, pages: Buffer, rows: number): Buffer {
  const writer = new ByteWriter();
  const meta_data: ColumnMetaData = {
    type: element.type!,
    encodings: ['PLAIN'],
    path_in_schema: [element.name],
    codec: 'UNCOMPRESSED',
    num_values: BigInt(rows),
    total_uncompressed_size: BigInt(pages.length),
    total_compressed_size: BigInt(pages.length),
    data_page_offset: 4n,
  };
  const group = {
    columns: [{ file_offset: 4n, meta_data }],
    num_rows: BigInt(rows),
    total_byte_size: BigInt(pages.length),
  };
  const schema = [{ name: 'schema', num_children: 1 }, element];
  writeMetadata(writer, { version: 1, schema, num_rows: BigInt(rows), row_groups: [group], metadata_length: 0 });
  return Buffer.concat([Buffer.from('PAR1'), pages, writer.getBytes(), Buffer.from('PAR1')]);
}

/** The same pages under a footer that says something else, without the statistics, which would no longer fit. */
export function withFooter(file: Buffer, change: (metadata: FileMetaData) => FileMetaData): Buffer {
  const start = file.length - 8 - file.readUInt32LE(file.length - 8);
  const whole = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(whole);
  for (const { meta_data: chunk } of metadata.row_groups.flatMap(({ columns }) => columns)) delete chunk?.statistics;
  const writer = new ByteWriter();
  writeMetadata(writer, change(metadata));
  return Buffer.concat([file.subarray(0, start), writer.getBytes(), Buffer.from('PAR1')]);
}

/** The first column chunk of a footer, changed. */
export function withChunk(file: Buffer, change: (chunk: ColumnMetaData) => Partial<ColumnMetaData>): Buffer {
  return withFooter(file, (metadata) => {
    const [group, ...groups] = metadata.row_groups;
    const [chunk, ...chunks] = group!.columns;
    const meta_data = { ...chunk!.meta_data!, ...change(chunk!.meta_data!) };
    return { ...metadata, row_groups: [{ ...group!, columns: [{ ...chunk!, meta_data }, ...chunks] }, ...groups] };
  });
}

/** With bits turned at a place, counted from the end where negative. */
export function flipped(bytes: Buffer, at: number, bits = 1): Buffer {
  const copy = Buffer.from(bytes);
  const place = at < 0 ? copy.length + at : at;
  copy[place]! ^= bits;
  return copy;
}

/** Where a text stands in the bytes. */
export function placeOf(bytes: Buffer, text: string | Buffer, after = 0): number {
  const at = bytes.indexOf(text, after);
  if (at < 0) throw new Error(`${JSON.stringify(text)} is not in the file`);
  return at;
}
