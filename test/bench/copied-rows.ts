/**
 * Parquet files as pandas and pyarrow write them: pages of a megabyte or so, no page index, conversations as lists, in one huge
 * row group or in many. DuckDB writes such pages only in row groups of its smallest size, and hyparquet's writer holds a row
 * group in memory, so that the pages of many small row groups are put together here. The bytes of these distinct rows are
 * written again and again until the file is large, each time under a footer that says where they stand: a file of 10 GB takes
 * as long as the disk takes to write it.
 */

import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ColumnMetaData, type FileMetaData, parquetMetadata, type RowGroup } from 'hyparquet';
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

/** Where the rows go: `one` row group, or as `many` as there are copies of the distinct rows. */
export type RowGroups = 'one' | 'many';

export interface WrittenRows {
  readonly rows: number;
  readonly groups: number;
}

/** Writes `file` of at least `bytes`, with `part` as the file to copy from. */
export async function writeRowGroups(
  file: string,
  part: string,
  bytes: number,
  groups: RowGroups,
): Promise<WrittenRows> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${PART_ROWS}, DICTIONARY_SIZE_LIMIT 1`;
  await connection.run(`SET threads = 1`);
  await connection.run(`COPY (${ROWS}) TO '${part}' (${options})`);
  connection.closeSync();
  const to = await open(file, 'w');
  try {
    const content = await readFile(part);
    const metadata = parquetMetadata(content.buffer as ArrayBuffer);
    const copies = Math.ceil(bytes / content.length);
    return await writeCopies(to, distinctColumns(content, metadata), metadata, copies, groups);
  } finally {
    await to.close();
    await rm(part, { force: true });
  }
}

interface DistinctColumn {
  /** All pages of the column, of all row groups. */
  readonly pages: Buffer;
  readonly chunks: readonly ColumnMetaData[];
}

function distinctColumns(content: Buffer, { row_groups: groups }: FileMetaData): DistinctColumn[] {
  return groups[0]!.columns.map((_, index) => {
    const chunks = groups.map((group) => group.columns[index]!.meta_data!);
    if (chunks.some((chunk) => chunk.dictionary_page_offset)) throw new Error('a dictionary cannot be put together');
    const pages = chunks.map(({ data_page_offset: offset, total_compressed_size: length }) =>
      content.subarray(Number(offset), Number(offset + length)),
    );
    return { pages: Buffer.concat(pages), chunks };
  });
}

async function writeCopies(
  to: FileHandle,
  columns: readonly DistinctColumn[],
  metadata: FileMetaData,
  copies: number,
  layout: RowGroups,
): Promise<WrittenRows> {
  let at = 0;
  const append = async (data: Uint8Array): Promise<void> => {
    await to.writeFile(data);
    at += data.length;
  };
  const [groups, copiesPerGroup] = layout === 'one' ? [1, copies] : [copies, 1];
  const rows = metadata.num_rows * BigInt(copiesPerGroup);
  const row_groups: RowGroup[] = [];
  await append(Buffer.from('PAR1'));
  for (let group = 0; group < groups; group++) {
    const chunks = [];
    const first = at;
    for (const column of columns) {
      const start = at;
      for (let copy = 0; copy < copiesPerGroup; copy++) await append(column.pages);
      chunks.push({ file_offset: BigInt(start), meta_data: joinedChunk(column.chunks, copiesPerGroup, start, at) });
    }
    row_groups.push({ columns: chunks, num_rows: rows, total_byte_size: BigInt(at - first) });
  }
  const num_rows = rows * BigInt(groups);
  const writer = new ByteWriter();
  writeMetadata(writer, { ...metadata, num_rows, row_groups });
  await append(new Uint8Array(writer.getBytes()));
  await append(Buffer.from('PAR1'));
  return { rows: Number(num_rows), groups };
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
