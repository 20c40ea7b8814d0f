import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { decodePage } from '../../../src/core/datasets/readers/parquet/page-content.ts';
import { type PageHeader, parsePageHeader } from '../../../src/core/datasets/readers/parquet/page-header.ts';
import { failureOf, readAll, suiteFolder } from './files.ts';
import { pagesOf, parquetFixture } from './parquet-fixtures.ts';

const folder = suiteFolder();

async function withBytes(name: string, change: (bytes: Buffer) => void): Promise<string> {
  const bytes = await readFile(parquetFixture(name));
  change(bytes);
  const file = path.join(folder(), `${name}.parquet`);
  await writeFile(file, bytes);
  return file;
}

function flip(bytes: Buffer, at: number, bits: number): void {
  bytes[at]! ^= bits;
}

/** Whether the bytes are the header with nothing changed but its number of values. */
function sameButValues(bytes: Buffer, header: PageHeader): boolean {
  try {
    const changed = parsePageHeader(bytes);
    return changed.values !== header.values && isDeepStrictEqual({ ...changed, values: 0 }, { ...header, values: 0 });
  } catch {
    return false;
  }
}

/** The rows, or the error a person sees; anything else fails the test. */
async function rowsOrError(file: string, range?: { start: number; end: number }) {
  try {
    return { rows: await readAll(file, range) };
  } catch (error) {
    expect(error).toMatchObject({ name: 'StudioError' });
    return { error };
  }
}

describe('a damaged Parquet page', () => {
  it('is told by its checksum, with the column and the row group', async () => {
    const pages = await pagesOf(parquetFixture('checksums'));
    const page = pages.find(
      ({ group, leaf, header }) => group === 1 && leaf.name === 'text' && header.kind === 'data',
    )!;
    const file = await withBytes('checksums', (bytes) => {
      bytes[page.end - 1]! ^= 1;
    });
    const error = await failureOf(readAll(file));
    expect(error).toMatchObject({ code: 'damaged-file', where: { file, field: 'text' } });
    expect(error.message).toMatch(/Row group 1 .*checksum/);
    // What lies elsewhere can still be read.
    expect(await readAll(file, { start: 0, end: 200 })).toHaveLength(200);
  });

  it('with a checksum, whichever of its bytes is wrong, gives an error or the same rows', async () => {
    const good = await readAll(parquetFixture('checksums'));
    const pages = await pagesOf(parquetFixture('checksums'));
    let errors = 0;
    for (const { body, end } of pages) {
      for (let at = body; at < end; at += 197) {
        const found = await rowsOrError(await withBytes('checksums', (bytes) => flip(bytes, at, 0x10)));
        if (found.rows) expect(found.rows).toEqual(good);
        else errors++;
      }
    }
    expect(errors).toBeGreaterThan(50);
  });

  it.each([
    ['lists-snappy', 3],
    ['lists-zstd', 8],
    ['checksums', 3],
  ])('header never moves values into other rows: %s', async (name, step) => {
    const good = await readAll(parquetFixture(name), { start: 390, end: 400 });
    const pages = await pagesOf(parquetFixture(name));
    let flips = 0;
    for (const { at, body } of pages.filter((_, index) => index % 7 === 0)) {
      for (let byte = at; byte < body; byte += 1) {
        if (flips++ % step !== 0) continue;
        const bit = 1 << (flips % 8);
        const file = await withBytes(name, (bytes) => flip(bytes, byte, bit));
        const { rows } = await rowsOrError(file, { start: 390, end: 400 });
        if (rows) expect(rows).toEqual(good);
      }
    }
    expect(flips).toBeGreaterThan(20);
  });

  it('header with a wrong number of values is always an error, in pages that are not read as well', async () => {
    const bytes = await readFile(parquetFixture('lists-snappy'));
    let flips = 0;
    for (const { at, body, header } of await pagesOf(parquetFixture('lists-snappy'))) {
      if (header.kind !== 'data') continue;
      for (let byte = at; byte < body; byte++) {
        const changed = Buffer.from(bytes.subarray(at, body));
        flip(changed, byte - at, 2);
        if (!sameButValues(changed, header)) continue;
        flips++;
        const file = await withBytes('lists-snappy', (copy) => flip(copy, byte, 2));
        expect(await failureOf(readAll(file, { start: 390, end: 400 }))).toMatchObject({ code: 'damaged-file' });
      }
    }
    expect(flips).toBeGreaterThan(20);
  });

  it('that holds fewer values than its header says is an error, not nulls', async () => {
    const pages = await pagesOf(parquetFixture('checksums'));
    const page = pages.find(({ leaf, header }) => leaf.name === 'id' && header.kind !== 'dictionary')!;
    // The footer and the header agree on more values than are there: only the page itself can tell.
    const bytes = await readFile(parquetFixture('checksums'));
    const decoder = { leaf: page.leaf, codec: 'UNCOMPRESSED', decompress: (input: Uint8Array) => input } as const;
    const body = bytes.subarray(page.body, page.end);
    expect(decodePage(page.header, body, decoder).raw.length).toBe(page.header.values);
    expect(() => decodePage({ ...page.header, values: page.header.values + 40 }, body, decoder)).toThrow();
  });
});
