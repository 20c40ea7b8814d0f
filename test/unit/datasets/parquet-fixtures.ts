/** The Parquet files of test/fixtures/parquet with the rows that make.py put into them, and access to their pages. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parquetMetadataAsync } from 'hyparquet';
import { Codecs } from '../../../src/core/datasets/readers/parquet/codecs.ts';
import { leafSchema } from '../../../src/core/datasets/readers/parquet/leaves.ts';
import { parsePageHeader } from '../../../src/core/datasets/readers/parquet/page-header.ts';
import { type PageSource, RowGroupPages } from '../../../src/core/datasets/readers/parquet/row-group-pages.ts';
import type { ParquetBytes } from '../../../src/core/datasets/readers/parquet-bytes.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../fixtures/parquet');
export const CONVERSATION_ROWS = 1_200;
const LONG_ROW = 700;

export function parquetFixture(name: string): string {
  return path.join(FOLDER, `${name}.parquet`);
}

/** Row by row what `conversations()` in make.py says. */
export function conversation(row: number): unknown[] {
  const turns = row === LONG_ROW ? 300 : row % 4;
  const turn = (at: number) => ({ role: `role ${at % 3}`, content: at === 2 ? null : `${row}.${at}` });
  const messages = row % 11 === 10 ? null : Array.from({ length: turns }, (_, at) => turn(at));
  const groups = Array.from({ length: row % 3 }, (_, length) => Array.from({ length }, (__, item) => item));
  return [row, row % 10 === 9 ? null : `text ${row} `.repeat(row % 5), messages, groups];
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A file in memory that notes what is read of it. */
export interface OpenPages {
  readonly source: PageSource;
  readonly ranges: ByteRange[];
  group(index?: number): RowGroupPages;
}

export async function openPages(file: string): Promise<OpenPages> {
  const content = await readFile(file);
  const whole = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength) as ArrayBuffer;
  const ranges: ByteRange[] = [];
  const bytes: ParquetBytes = {
    byteLength: whole.byteLength,
    slice: async (start, end = whole.byteLength) => {
      ranges.push({ start, end });
      return whole.slice(start, end);
    },
    readSync: (into, start) => {
      ranges.push({ start, end: start + into.length });
      into.set(new Uint8Array(whole, start, into.length));
    },
  };
  const metadata = await parquetMetadataAsync(bytes);
  ranges.length = 0;
  const source = { file, bytes, metadata, schema: leafSchema(metadata), codecs: new Codecs(file) };
  return { source, ranges, group: (index = 0) => new RowGroupPages(source, index) };
}

export function bytesRead(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Where each page header of a file stands, and its body behind it. */
export async function pagesOf(file: string) {
  const content = await readFile(file);
  const { source } = await openPages(file);
  return source.metadata.row_groups.flatMap((_, group) =>
    source.schema.leaves.flatMap((leaf) => {
      const { start, end } = new RowGroupPages(source, group).chunk(leaf);
      const pages = [];
      for (let at = start; at < end; ) {
        const header = parsePageHeader(content.subarray(at, end));
        const body = at + header.headerBytes;
        pages.push({ group, leaf, header, at, body, end: body + header.bodyBytes });
        at = body + header.bodyBytes;
      }
      return pages;
    }),
  );
}
