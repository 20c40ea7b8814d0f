import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { failureOf, readAll, suiteFolder, withDataset, writeJsonl, writeParquet } from './files.ts';

const folder = suiteFolder();

async function writeShards(name: string, numbers: readonly number[], of: string): Promise<string> {
  const place = path.join(folder(), name);
  await mkdir(place);
  for (const number of numbers) {
    const shard = `train-${String(number).padStart(5, '0')}-of-${of}.parquet`;
    await writeParquet(path.join(place, shard), [{ name: 'n', data: [number * 10, number * 10 + 1] }]);
  }
  return place;
}

describe('several files as one dataset', () => {
  it('a folder of shards is read in the order of their numbers, over their borders', async () => {
    const place = await writeShards('whole', [2, 0, 1], '00003');
    await withDataset(place, async ({ rowCount, files }) => {
      expect(rowCount).toBe(6);
      expect(files.map((file) => file.rowCount)).toEqual([2, 2, 2]);
    });
    expect(await readAll(place, { start: 1, end: 5 })).toEqual([[1], [10], [11], [20]]);
  });

  it('a glob names shards; numbers count as numbers', async () => {
    const place = path.join(folder(), 'glob');
    await mkdir(place);
    for (const n of [10, 9, 2]) await writeJsonl(path.join(place, `part${n}.jsonl`), [{ n }]);
    expect(await readAll(path.join(place, 'part*.jsonl'))).toEqual([[2], [9], [10]]);
  });

  it('names the shard that is missing', async () => {
    const place = await writeShards('hole', [0, 2], '00003');
    const error = await failureOf(openDataset(place));
    expect(error.code).toBe('file-not-found');
    expect(error.message).toContain('train-00001-of-00003.parquet');
  });

  it('takes a set that is numbered from 1 as complete', async () => {
    expect(await readAll(await writeShards('from-one', [1, 2], '00002'))).toHaveLength(4);
  });

  it('JSON objects may leave keys out; tables have to agree on their columns', async () => {
    const loose = path.join(folder(), 'loose');
    await mkdir(loose);
    await writeJsonl(path.join(loose, '1.jsonl'), [{ a: 1 }]);
    await writeJsonl(path.join(loose, '2.jsonl'), [{ b: 2, a: 3 }]);
    expect(await readAll(loose)).toEqual([
      [1, null],
      [3, 2],
    ]);

    const strict = path.join(folder(), 'strict');
    await mkdir(strict);
    await writeParquet(path.join(strict, '1.parquet'), [{ name: 'a', data: [1] }]);
    await writeParquet(path.join(strict, '2.parquet'), [{ name: 'b', data: [1] }]);
    const error = await failureOf(openDataset(strict));
    expect(error.code).toBe('unsupported-file');
    expect(error.where.file).toContain('2.parquet');
    expect(error.message).toContain('b: int32');
  });

  it('refuses a folder with nothing to read, and one of mixed kinds', async () => {
    const place = path.join(folder(), 'mixed');
    await mkdir(place);
    await writeFile(path.join(place, 'notes.txt'), 'hello');
    await writeFile(path.join(place, 'dataset.json'), '{}');
    expect((await failureOf(openDataset(place))).code).toBe('unsupported-file');
    await writeJsonl(path.join(place, 'a.jsonl'), [{ a: 1 }]);
    await writeFile(path.join(place, 'b.csv'), 'a\n1\n');
    expect((await failureOf(openDataset(place))).message).toContain('different kinds');
  });

  it.skipIf(process.platform === 'win32')('refuses a device: reading it might never end', async () => {
    expect((await failureOf(openDataset('/dev/null'))).code).toBe('unsupported-file');
  });
});
