/**
 * A Parquet file as pandas and pyarrow write it: a single row group, pages of a megabyte or so, no page index, conversations
 * as lists. DuckDB writes such pages only in row groups of its smallest size, and hyparquet's writer holds a row group in
 * memory, so that the pages of many small row groups are put together to one here, again and again until the file is large.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ColumnMetaData, type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** The smallest row group that DuckDB writes, and its step. */
const PART_ROWS = 2_048;
const PARTS = 25;
/** Rows of the file that is copied: what a row holds repeats after so many. */
export const DISTINCT_ROWS = PART_ROWS * PARTS;

const WORDS = `list_transform(range(4000), w -> substr(md5(w::VARCHAR), 1, (2 + w % 7)::INTEGER))`;
const text = (seed: string, words: string) =>
  `array_to_string(list_transform(range((${words})::BIGINT), k -> w[(1 + hash(i * 7919 + k * 31 + ${seed}) % 4000)::BIGINT]), ' ')`;

/** Rows like those of a preference dataset with conversations, about 5 KB each. */
const ROWS = `
  SELECT i AS id, ['a', 'b', 'c'][(1 + i % 3)::INTEGER] AS source,
    ${text('1', '40 + i % 90')} AS prompt, ${text('2', '60 + i % 260')} AS chosen, ${text('3', '60 + i % 250')} AS rejected,
    CASE WHEN i % 7 = 0 THEN NULL ELSE i / 3.0 END AS margin,
    list_transform(range(1 + i % 4), t -> {
      'role': CASE WHEN t % 2 = 0 THEN 'user' ELSE 'assistant' END,
      'content': concat(i, '.', t, ' ', ${text('t', '20 + i % 40')})
    }) AS messages,
    CASE WHEN i % 11 = 0 THEN NULL ELSE range(i % 5) END AS scores,
    {'id': i, 'tag': concat('t', i % 100)} AS metadata
  FROM range(${DISTINCT_ROWS}) r(i), (SELECT ${WORDS} AS w)`;

/**
 * Writes `file` of at least `bytes`, with `part` as the file to copy from.
 * @returns the number of rows
 */
export async function writeOneRowGroup(file: string, part: string, bytes: number): Promise<number> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${PART_ROWS}, DICTIONARY_SIZE_LIMIT 1`;
  await connection.run(`SET threads = 1`);
  await connection.run(`COPY (${ROWS}) TO '${part}' (${options})`);
  connection.closeSync();
  const from = await open(part);
  const to = await open(file, 'w');
  try {
    return await merge(from, to, bytes);
  } finally {
    await from.close();
    await to.close();
  }
}

async function merge(from: FileHandle, to: FileHandle, bytes: number): Promise<number> {
  const { size } = await from.stat();
  const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
    const buffer = new ArrayBuffer(end - start);
    await from.read(new Uint8Array(buffer), { position: start });
    return buffer;
  };
  const metadata = await parquetMetadataAsync({ byteLength: size, slice });
  const copies = Math.ceil(bytes / size);
  let at = 0;
  const append = async (data: Uint8Array): Promise<void> => {
    await to.write(data);
    at += data.length;
  };
  await append(Buffer.from('PAR1'));
  const [first] = metadata.row_groups;
  const columns = [];
  for (let index = 0; index < first!.columns.length; index++) {
    const chunks = metadata.row_groups.map((group) => group.columns[index]!.meta_data!);
    if (chunks.some((chunk) => chunk.dictionary_page_offset)) throw new Error('a dictionary cannot be put together');
    const start = at;
    for (let copy = 0; copy < copies; copy++) {
      for (const { data_page_offset: offset, total_compressed_size: length } of chunks) {
        await append(new Uint8Array(await slice(Number(offset), Number(offset + length))));
      }
    }
    columns.push({ file_offset: BigInt(start), meta_data: joinedChunk(chunks, copies, start, at) });
  }
  const rows = metadata.num_rows * BigInt(copies);
  const group = { columns, num_rows: rows, total_byte_size: BigInt(at) };
  const writer = new ByteWriter();
  writeMetadata(writer, { ...metadata, num_rows: rows, row_groups: [group] } as FileMetaData);
  await append(new Uint8Array(writer.getBytes()));
  await append(Buffer.from('PAR1'));
  return Number(rows);
}

function joinedChunk(chunks: readonly ColumnMetaData[], copies: number, start: number, end: number): ColumnMetaData {
  const { type, encodings, path_in_schema, codec } = chunks[0]!;
  const sum = (of: (chunk: ColumnMetaData) => bigint) => chunks.reduce((total, chunk) => total + of(chunk), 0n);
  return {
    type,
    encodings,
    path_in_schema,
    codec,
    num_values: sum((chunk) => chunk.num_values) * BigInt(copies),
    total_uncompressed_size: sum((chunk) => chunk.total_uncompressed_size) * BigInt(copies),
    total_compressed_size: BigInt(end - start),
    data_page_offset: BigInt(start),
  };
}
