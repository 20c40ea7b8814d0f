import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { RowReader } from '../../../src/core/datasets/readers/parquet/row-reader.ts';
import { readAll, suiteFolder, writeParquet } from './files.ts';
import {
  bytesRead,
  CONVERSATION_ROWS,
  conversation,
  type OpenPages,
  openPages,
  pagesOf,
  parquetFixture,
} from './parquet-fixtures.ts';

const folder = suiteFolder();
const file = (name: string) => path.join(folder(), name);

async function cells({ source }: OpenPages, start: number, end: number): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const batch of new RowReader(source).read({ start, end })) rows.push(...batch.rows.map((row) => [...row]));
  return rows;
}

function expected(start: number, end: number): unknown[][] {
  return Array.from({ length: end - start }, (_, offset) => conversation(start + offset));
}

/** One column of long texts in one row group, without an index. */
async function longTexts(rows: number): Promise<string> {
  const data = Array.from({ length: rows }, (_, row) => `${row}:${'x'.repeat(190)}${row * 7919}`);
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: 1 },
    { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ];
  return writeParquet(file(`texts-${rows}.parquet`), [{ name: 'text', data, encoding: 'PLAIN', offsetIndex: false }], {
    schema,
    codec: 'UNCOMPRESSED',
    rowGroupSize: rows,
    pageSize: 20_000,
  });
}

describe('the pages of a column without a page index', () => {
  it.each(['zstd', 'snappy', 'gzip', 'brotli', 'lz4', 'split-rows'])(
    'are found inside lists too, where a page begins inside a row as well (%s)',
    async (codec) => {
      const open = await openPages(parquetFixture(`lists-${codec}`));
      for (const start of [0, 1, 333, 699, 700, 701, 1_190]) {
        expect(await cells(open, start, start + 10)).toEqual(expected(start, start + 10));
      }
      expect(await cells(open, 0, CONVERSATION_ROWS)).toEqual(expected(0, CONVERSATION_ROWS));
    },
  );

  it('that begin inside a row are taken together with the page before', async () => {
    const { source, group } = await openPages(parquetFixture('lists-split-rows'));
    const leaf = source.schema.leaves.find(({ name }) => name.endsWith('content'))!;
    const { runs } = await group().locate(leaf, CONVERSATION_ROWS);
    const pages = await pagesOf(parquetFixture('lists-split-rows'));
    expect(runs).toBeLessThan(
      pages.filter((page) => page.leaf.name === leaf.name && page.header.kind === 'data').length,
    );
  });

  it('cover every row once, in order, each beginning at the start of a row', async () => {
    const { source, group } = await openPages(parquetFixture('lists-zstd'));
    const pages = group();
    for (const leaf of source.schema.leaves) {
      const locations = await pages.locate(leaf, CONVERSATION_ROWS);
      expect(locations.runs, leaf.name).toBeGreaterThan(0);
      let row = 0;
      for (let index = 0; index < locations.runs; index++) {
        const run = locations.run(index, CONVERSATION_ROWS);
        expect(run.firstRow).toBe(row);
        row = run.endRow;
      }
      expect(row).toBe(CONVERSATION_ROWS);
    }
  });

  it('are found by their headers alone: of a column of texts few bytes are read for few rows', async () => {
    const open = await openPages(await longTexts(20_000));
    const whole = open.source.bytes.byteLength;
    const [leaf] = open.source.schema.leaves;
    await open.group().locate(leaf!, 20_000);
    const pages = 200;
    expect(open.ranges.length).toBeLessThan(pages * 1.5);
    // A header is far shorter, but is read a few kilobytes at a time.
    expect(bytesRead(open.ranges)).toBeLessThan(whole / 4);
    open.ranges.length = 0;
    const texts = (await cells(open, 10_000, 10_010)).map(([text]) => Number.parseInt(String(text), 10));
    expect(texts).toEqual(Array.from({ length: 10 }, (_, n) => 10_000 + n));
    const window = open.ranges.filter(({ start, end }) => end - start > 8_192);
    expect(window.length).toBe(1);
    expect(bytesRead(window)).toBeLessThan(50_000);
  });

  it('need no walk to the end for the first rows, and the walk goes on from where it stopped', async () => {
    const open = await openPages(await longTexts(20_000));
    const [leaf] = open.source.schema.leaves;
    const pages = open.group();
    await pages.locate(leaf!, 10);
    const first = open.ranges.length;
    expect(first).toBeLessThan(5);
    const locations = await pages.locate(leaf!, 20_000);
    expect(locations.runs).toBeGreaterThan(100);
    const starts = open.ranges.map(({ start }) => start);
    expect(new Set(starts).size).toBe(starts.length);
  });

  it('of the leaves under one list are counted by the levels of one of them', async () => {
    const { source, ranges, group } = await openPages(parquetFixture('lists-gzip'));
    const named = (name: string) => source.schema.leaves.find((leaf) => leaf.name.endsWith(name))!;
    const pages = group();
    const role = await pages.locate(named('role'), CONVERSATION_ROWS);
    ranges.length = 0;
    const content = await pages.locate(named('content'), CONVERSATION_ROWS);
    // The role is the smaller one, so that of the contents only headers are read.
    const { start, end } = pages.chunk(named('content'));
    expect(ranges.every((range) => range.start >= start && range.end <= end)).toBe(true);
    expect(role.runs).toBeGreaterThan(1);
    expect(content.run(content.runs - 1, CONVERSATION_ROWS).endRow).toBe(CONVERSATION_ROWS);
  });

  it('are walked anew where the index in the file cannot be true', async () => {
    const rows = 5_000;
    const data = Array.from({ length: rows }, (_, row) => `${row} ${'y'.repeat(50)}`);
    const name = await writeParquet(file('wrong-index.parquet'), [{ name: 'text', data }], {
      codec: 'UNCOMPRESSED',
      rowGroupSize: rows,
      pageSize: 10_000,
    });
    const open = await openPages(name);
    const { offset_index_offset: offset, offset_index_length: length } =
      open.source.metadata.row_groups[0]!.columns[0]!;
    expect(length).toBeGreaterThan(0);
    const bytes = await readFile(name);
    bytes.fill(0, Number(offset) + 4, Number(offset) + length! - 4);
    await writeFile(name, bytes);
    const read = await readAll(name, { start: 4_000, end: 4_003 }).catch((error: unknown) => error);
    if (Array.isArray(read)) expect(read.map(([text]) => text)).toEqual(data.slice(4_000, 4_003));
    else expect(read).toMatchObject({ code: 'damaged-file' });
  });
});
