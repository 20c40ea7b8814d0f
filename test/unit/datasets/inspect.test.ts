import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintDataset, fingerprintFile } from '../../../src/core/datasets/fingerprint.ts';
import { columnIndexes, formatCell, inspectDataset } from '../../../src/core/datasets/inspect.ts';
import { failureOf, suiteFolder, withDataset, writeJsonl, writeParquet } from './files.ts';

const folder = suiteFolder();

describe('the text of a cell', () => {
  it.each([
    ['a text', 'say "hi"\n', 'say "hi"\n'],
    ['an int64', 2n ** 63n - 1n, '9223372036854775807'],
    ['minus zero', -0, '-0'],
    ['not a number', Number.NaN, 'NaN'],
    ['a date', new Date(1_700_000_000_123), '2023-11-14T22:13:20.123Z'],
    ['bytes', new Uint8Array([0, 255]), '0x00ff'],
    ['null', null, 'null'],
    ['nested', [{ a: 1n, b: [null, 'x'], c: new Uint8Array([1]) }], '[{"a": 1, "b": [null, "x"], "c": "0x01"}]'],
  ])('%s', (_, value, text) => {
    expect(formatCell(value)).toBe(text);
  });
});

describe('inspect', () => {
  it('says what a file is, how it is laid out and what it is for', async () => {
    const names = ['prompt', 'chosen', 'rejected'];
    const file = await writeParquet(
      path.join(folder(), 'pairs.parquet'),
      names.map((name) => ({ name, data: Array.from({ length: 30 }, (_, n) => `${name} ${n}`) })),
      { rowGroupSize: 10 },
    );
    await withDataset(file, async (dataset) => {
      const found = await inspectDataset(dataset);
      expect(found).toMatchObject({
        kind: 'parquet',
        rows: 30,
        columns: names.map((name) => ({ name, type: 'string' })),
        parquet: { rowGroups: 3, codecs: ['SNAPPY'] },
        format: { id: 'prompted-pairs' },
      });
      expect(found.methods.map(({ fits }) => fits)).toEqual([true, false, false, false]);
      expect(columnIndexes(dataset, ['rejected', 'prompt'])).toEqual([2, 0]);
      expect(() => columnIndexes(dataset, ['nope'])).toThrow(/no column "nope"/);
    });
  });

  it('an empty table is shown, not refused', async () => {
    const file = await writeParquet(path.join(folder(), 'none.parquet'), [
      { name: 'chosen', data: [], type: 'STRING' },
    ]);
    const found = await withDataset(file, (dataset) => inspectDataset(dataset));
    expect(found.methods.every(({ reason }) => reason === 'the dataset has no rows')).toBe(true);
  });
});

describe('a fingerprint', () => {
  it('is SHA-256 of the bytes of a file', async () => {
    const file = path.join(folder(), 'abc.csv');
    await writeFile(file, 'abc');
    expect(await fingerprintFile(file)).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect((await failureOf(fingerprintFile(`${file}.gone`))).code).toBe('file-not-found');
  });

  it('of a large file tells size, first and last bytes, and says that it is a sample', async () => {
    const file = path.join(folder(), 'large.bin');
    const bytes = Buffer.alloc(3 * 2 ** 20);
    const print = async () => {
      await writeFile(file, bytes);
      return fingerprintFile(file, undefined, 2 ** 20);
    };
    const first = await print();
    expect(first).toMatch(/^sha256-sampled:/);
    bytes[bytes.length - 1] = 1;
    expect(await print()).not.toBe(first);
  });

  it('of shards tells each of them', async () => {
    const place = path.join(folder(), 'shards');
    await mkdir(place);
    await writeJsonl(path.join(place, '1.jsonl'), [{ a: 1 }]);
    await writeJsonl(path.join(place, '2.jsonl'), [{ a: 2 }]);
    const print = () => withDataset(place, (dataset) => fingerprintDataset(dataset));
    const first = await print();
    await writeJsonl(path.join(place, '2.jsonl'), [{ a: 3 }]);
    expect(await print()).not.toBe(first);
  });
});
