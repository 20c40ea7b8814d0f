/** Columns added to Parquet files: what the files have stays as it is stored. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parquetMetadataAsync, readOffsetIndex } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import type { Dataset } from '../../../src/core/datasets/dataset.ts';
import { openDataset } from '../../../src/core/datasets/open.ts';
import type { OutputCell } from '../../../src/core/datasets/writers/columns.ts';
import { extendParquet } from '../../../src/core/datasets/writers/extend-parquet.ts';
import { OutputFile } from '../../../src/core/datasets/writers/output-file.ts';
import { parquetRowWriter } from '../../../src/core/datasets/writers/parquet.ts';
import { parquetSchema } from '../../../src/core/datasets/writers/parquet-schema.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const FIXTURES = path.join(root, 'test', 'fixtures', 'parquet');
const COLUMNS = [
  { name: 'added', type: 'double' },
  { name: 'added_words', type: { list: 'string' } },
] as const;
const cellsOf = (row: number): OutputCell[] => (row % 3 === 0 ? [null, []] : [row / 2, [`row ${row}`, 'é']]);

async function* rowsOf(count: number): AsyncGenerator<OutputCell[]> {
  for (let row = 0; row < count; row++) yield cellsOf(row);
}

async function extend(files: readonly string[], rows: number, signal?: AbortSignal): Promise<string> {
  const output = await OutputFile.create(path.join(temporaryFolder(), 'extended.parquet'), false);
  try {
    await extendParquet(files, { columns: COLUMNS, rows: rowsOf(rows) }, output, { signal });
    await output.finish();
    await output.commit();
    return output.path;
  } finally {
    await output.discard();
  }
}

async function read(dataset: Dataset, range = { start: 0, end: dataset.rowCount }): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const batch of dataset.read(range)) rows.push(...batch.rows.map((row) => [...row]));
  return rows;
}

/** Two row groups, whose texts are on several pages and thus have an index. */
async function fileOfManyPages(): Promise<string> {
  const output = await OutputFile.create(path.join(temporaryFolder(), 'pages.parquet'), false);
  const columns = [
    { name: 'number', type: 'int' },
    { name: 'text', type: 'string' },
  ] as const;
  const writer = parquetRowWriter(output, parquetSchema(columns), ['number', 'text']);
  for (let row = 0; row < 10_000; row++) await writer.write([row, `${row} `.repeat(200)]);
  await writer.finish();
  await output.finish();
  await output.commit();
  return output.path;
}

async function footer(file: string) {
  const bytes = readFileSync(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return parquetMetadataAsync({ byteLength: buffer.byteLength, slice: async (start, end) => buffer.slice(start, end) });
}

/** Of each row group, in how many pages its texts are, by an index whose first page is where the texts begin. */
async function textPages(file: string): Promise<number[]> {
  const bytes = readFileSync(file);
  const { row_groups: groups } = await footer(file);
  return groups.map(({ columns }) => {
    const { meta_data: meta, offset_index_offset: start, offset_index_length: length } = columns[1]!;
    const view = new DataView(bytes.buffer, bytes.byteOffset + Number(start), length);
    const pages = readOffsetIndex({ view, offset: 0 }).page_locations;
    expect(pages[0]!.offset).toBe(meta!.data_page_offset);
    return pages.length;
  });
}

describe('columns added to Parquet files', () => {
  it.each([
    'checksums',
    'exact-values',
    'int96',
    'lists-brotli',
    'lists-gzip',
    'lists-lz4',
    'lists-snappy',
    'lists-split-rows',
    'lists-zstd',
  ])('leave types and values of %s as they are', async (name) => {
    const source = await openDataset(path.join(FIXTURES, `${name}.parquet`));
    const extended = await openDataset(await extend([source.files[0]!.path], source.rowCount));
    expect(extended.columns.map(({ name: column, type }) => `${column}: ${type}`)).toEqual([
      ...source.columns.map(({ name: column, type }) => `${column}: ${type}`),
      'added: double',
      'added_words: list<string>',
    ]);
    const own = await read(source);
    expect(own.length).toBeGreaterThan(0);
    expect(await read(extended)).toEqual(own.map((row, index) => [...row, ...cellsOf(index)]));
    expect(extended.files[0]!.parquet).toMatchObject({ rowGroups: source.files[0]!.parquet!.rowGroups });
    await Promise.all([source.close(), extended.close()]);
  });

  it('keep the pages of the file, so that a few rows are still read without the rest', async () => {
    const file = await fileOfManyPages();
    const source = await openDataset(file);
    const extended = await extend([file], source.rowCount);
    const pages = await textPages(file);
    expect(pages.length).toBe(2);
    expect(Math.min(...pages)).toBeGreaterThan(1);
    expect(await textPages(extended)).toEqual(pages);
    const opened = await openDataset(extended);
    const last = { start: source.rowCount - 2, end: source.rowCount };
    expect((await read(opened, last)).map((row) => row.slice(0, -2))).toEqual(await read(source, last));
    await Promise.all([source.close(), opened.close()]);
  });

  it('go on from one shard to the next', async () => {
    const file = path.join(FIXTURES, 'lists-snappy.parquet');
    const source = await openDataset(file);
    const own = await read(source);
    const extended = await openDataset(await extend([file, file], 2 * own.length));
    expect(await read(extended)).toEqual([...own, ...own].map((row, index) => [...row, ...cellsOf(index)]));
    await Promise.all([source.close(), extended.close()]);
  });

  it('are refused where a shard stores its columns otherwise', async () => {
    const files = ['lists-snappy', 'checksums'].map((name) => path.join(FIXTURES, `${name}.parquet`));
    await expect(extend(files, 1_000_000)).rejects.toMatchObject({
      code: 'unsupported-file',
      where: { file: files[1] },
    });
  });

  it('are refused where there are too few, and end with the signal', async () => {
    const file = path.join(FIXTURES, 'lists-snappy.parquet');
    await expect(extend([file], 1)).rejects.toThrow(/there are cells for 1 rows/);
    await expect(extend([file], 1, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
