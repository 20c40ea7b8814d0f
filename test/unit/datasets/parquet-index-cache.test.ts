import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageIndexFolder } from '../../../src/core/datasets/readers/parquet/index-folder.ts';
import { identifyFile, PageIndexCache } from '../../../src/core/datasets/readers/parquet/page-index-cache.ts';
import { PageLocations } from '../../../src/core/datasets/readers/parquet/page-locations.ts';
import { openParquet } from '../../../src/core/datasets/readers/parquet.ts';
import { suiteFolder, writeParquet } from './files.ts';

const folder = suiteFolder();

/** More pages than are walked in no time. */
async function manyPages(name: string, mark = ''): Promise<string> {
  const data = Array.from({ length: 3_000 }, (_, row) => `${mark}${row} ${'z'.repeat(60)}`);
  return writeParquet(path.join(folder(), name), [{ name: 'text', data, encoding: 'PLAIN', offsetIndex: false }], {
    codec: 'UNCOMPRESSED',
    rowGroupSize: data.length,
    pageSize: 500,
  });
}

async function textAt(file: string, row: number, indexFolder: string): Promise<unknown> {
  const reader = await openParquet(file, { indexFolder });
  try {
    for await (const { rows } of reader.read({ start: row, end: row + 1 })) return rows[0]?.[0];
  } finally {
    await reader.close();
  }
  return undefined;
}

const cacheFolder = () => mkdtemp(path.join(folder(), 'cache-'));

describe('the pages that are kept from one opening to the next', () => {
  it('are found again, and not those of the file that stood there before', async () => {
    const kept = await cacheFolder();
    const file = await manyPages('many.parquet', 'old ');
    expect(await textAt(file, 2_500, kept)).toMatch(/^old 2500 /);
    expect(await readdir(kept)).toHaveLength(1);
    const pages = await new PageIndexCache(kept).load(await identifyFile(file));
    expect(pages[0]?.locations.runs).toBeGreaterThan(256);
    expect(await textAt(file, 2_500, kept)).toMatch(/^old 2500 /);

    // As long as the old one.
    await manyPages('many.parquet', 'new ');
    expect(await new PageIndexCache(kept).load(await identifyFile(file))).toEqual([]);
    expect(await textAt(file, 2_500, kept)).toMatch(/^new 2500 /);
  });

  it('are looked for again where a page does not hold the rows they say', async () => {
    const kept = await cacheFolder();
    const file = await manyPages('same.parquet');
    await textAt(file, 2_500, kept);
    const identity = await identifyFile(file);
    const [page] = await new PageIndexCache(kept).load(identity);
    const [offset = 0, bytes = 0, ...numbers] = page!.locations.toNumbers();
    // Every third number is the first row of a page.
    const first = numbers[299]!;
    const moved = numbers.map((number, index) => (index === 299 ? number + 1 : number));
    const locations = PageLocations.from([offset, bytes, ...moved]);
    await new PageIndexCache(kept).save(identity, [{ group: 0, leaf: 0, locations }]);
    for (const row of [first - 1, first, first + 1])
      expect(await textAt(file, row, kept)).toMatch(new RegExp(`^${row} `));
  });

  it('are done without where the cache is damaged or cannot be written', async () => {
    const kept = await cacheFolder();
    const file = await manyPages('damaged-cache.parquet');
    await textAt(file, 2_500, kept);
    const [name] = await readdir(kept);
    const bytes = await readFile(path.join(kept, name!));
    bytes[bytes.length >> 1]! ^= 0xff;
    await writeFile(path.join(kept, name!), bytes);
    expect(await textAt(file, 2_500, kept)).toMatch(/^2500 /);
    await rm(kept, { recursive: true });
    await writeFile(kept, 'a file where the folder should be');
    expect(await textAt(file, 2_500, kept)).toMatch(/^2500 /);
  });

  it('take a bounded number of files, those used last', async () => {
    const kept = await cacheFolder();
    const cache = new PageIndexCache(kept, 5);
    const locations = PageLocations.from([0, 0, 4, 100, 0]);
    for (let number = 0; number < 8; number++) {
      const identity = { path: `/${number}.parquet`, size: 1, changed: '1' };
      await cache.save(identity, [{ group: 0, leaf: 0, locations }]);
      if (number === 0) {
        const [first] = await readdir(kept);
        await utimes(path.join(kept, first!), new Date(0), new Date(0));
      }
    }
    expect(await readdir(kept)).toHaveLength(5);
    expect(await cache.load({ path: '/0.parquet', size: 1, changed: '1' })).toEqual([]);
    expect(await cache.load({ path: '/7.parquet', size: 1, changed: '1' })).toHaveLength(1);
  });

  it('are in the cache folder that the person has chosen', () => {
    const chosen = path.resolve(folder());
    expect(pageIndexFolder({ XDG_CACHE_HOME: chosen }, 'linux')).toBe(
      path.join(chosen, 'reward-studio', 'parquet-pages'),
    );
    expect(pageIndexFolder({ XDG_CACHE_HOME: 'relative' }, 'linux')).toContain('.cache');
    expect(pageIndexFolder({}, 'darwin')).toContain('Caches');
  });
});
