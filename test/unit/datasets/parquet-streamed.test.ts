/** Row groups of one page each, as DuckDB writes them, in a pass over the rows. */

import { copyFile, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadataAsync } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RowRange } from '../../../src/core/datasets/dataset.ts';
import { leafSchema } from '../../../src/core/datasets/readers/parquet/leaves.ts';
import { StreamedPage } from '../../../src/core/datasets/readers/parquet/streamed-page.ts';
import { openParquetBytes } from '../../../src/core/datasets/readers/parquet-bytes.ts';
import { suiteFolder, withDataset } from './files.ts';

const folder = suiteFolder();
const ROWS = 24_000;
const GROUP_ROWS = 20_480;
let file = '';

beforeAll(async () => {
  file = path.join(folder(), 'large-pages.parquet');
  // What Snappy cannot make shorter, so that the pages are large.
  const digits = 'md5(i::VARCHAR) || md5((i + 0.5)::VARCHAR) || md5((-i)::VARCHAR) || md5((i + 0.25)::VARCHAR)';
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (
    SELECT i AS number,
      'plain ' || ${digits} AS plain,
      CASE WHEN i % 7 = 0 THEN NULL WHEN i % 11 = 0 THEN '' ELSE 'schön 漢字 ' || ${digits} END AS odd,
      from_hex(${digits}) AS bytes
    FROM range(${ROWS}) t(i)
  ) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE ${GROUP_ROWS}, PARQUET_VERSION v1)`);
});

async function cellsOf(from: string, range: RowRange): Promise<unknown[]> {
  return withDataset(from, async (dataset) => {
    const rows: unknown[] = [];
    for await (const batch of dataset.read(range)) {
      expect(batch.start).toBe(range.start + rows.length);
      rows.push(...batch.rows);
    }
    return rows;
  });
}

describe('a pass over large pages', () => {
  it('reads them in parts', async () => {
    const { handle, bytes } = await openParquetBytes(file);
    const metadata = await parquetMetadataAsync(bytes);
    const [group] = metadata.row_groups;
    const leaves = leafSchema(metadata).leaves.filter(({ name }) => name !== 'number');
    expect(leaves.map(({ name }) => name)).toEqual(['plain', 'odd', 'bytes']);
    for (const leaf of leaves) {
      const meta = group!.columns[leaf.index]!.meta_data!;
      const offset = Number(meta.data_page_offset);
      const run = { offset, bytes: Number(meta.total_compressed_size), firstRow: 0, endRow: GROUP_ROWS };
      expect(StreamedPage.open(run, leaf, meta.codec, bytes)?.row).toBe(0);
      expect(StreamedPage.open(run, leaf, 'ZSTD', bytes)).toBeUndefined();
    }
    await handle.close();
  });

  it.each([
    { start: 0, end: ROWS },
    { start: 12_345, end: 13_345 },
    { start: GROUP_ROWS - 10, end: GROUP_ROWS + 10 },
    { start: 500, end: 22_000, columns: [2, 0] },
  ])('gives the rows that are read page by page: %o', async (range) => {
    const rows = await cellsOf(file, { ...range, forward: true });
    expect(rows.length).toBe(range.end - range.start);
    expect(rows).toEqual(await cellsOf(file, range));
  });

  it('can go back', async () => {
    await withDataset(file, async (dataset) => {
      for (const start of [9_000, 100, 9_100]) {
        for await (const { rows } of dataset.read({ start, end: start + 5, forward: true })) {
          expect(rows.map(([number]) => number)).toEqual([0, 1, 2, 3, 4].map((offset) => start + offset));
          expect(rows[0]![1]).toMatch(/^plain [0-9a-f]{128}$/);
        }
      }
    });
  });

  it('says of a damaged page what reading it as a whole says', async () => {
    const { size } = await stat(file);
    const damaged = path.join(folder(), 'damaged.parquet');
    for (const share of [0.2, 0.4, 0.6]) {
      await copyFile(file, damaged);
      const handle = await open(damaged, 'r+');
      await handle.write(Buffer.alloc(64, 0xff), 0, 64, Math.floor(size * share));
      await handle.close();
      const failure = (range: RowRange) => cellsOf(damaged, range).then(String, ({ code }) => code);
      const whole = await failure({ start: 0, end: ROWS });
      expect(whole).toBe('damaged-file');
      expect(await failure({ start: 0, end: ROWS, forward: true })).toBe(whole);
    }
  });
});
