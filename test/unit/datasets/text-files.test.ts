import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAll, suiteFolder, withDataset, writeJsonl } from './files.ts';

const folder = suiteFolder();
const file = (name: string) => path.join(folder(), name);

describe('a JSONL file', () => {
  it('gives any range of rows, long after the first and over chunk borders', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => ({ n, text: `é${'x'.repeat(n % 1_000)}` }));
    const name = await writeJsonl(file('many.jsonl'), rows);
    expect(await readAll(name, { start: 4_321, end: 4_324 })).toEqual(
      rows.slice(4_321, 4_324).map((row) => [row.n, row.text]),
    );
    expect(await readAll(name)).toHaveLength(5_000);
  });

  it('leaves malformed lines out, counts them and says where they are', async () => {
    const name = file('malformed.jsonl');
    const invalidUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x0a]);
    await writeFile(
      name,
      Buffer.concat([Buffer.from('{"a":1}\n{"a":\n\n[1,2]\n'), invalidUtf8, Buffer.from('{"a":2}')]),
    );
    await withDataset(name, async (dataset) => {
      expect(dataset.rowCount).toBe(2);
      expect(dataset.malformed.count).toBe(3);
      expect(dataset.malformed.first.map(({ line }) => line)).toEqual([2, 4, 5]);
      expect(dataset.malformed.first[1]?.message).toContain('not an object');
    });
    expect(await readAll(name)).toEqual([[1], [2]]);
  });

  it('has the union of the keys as columns, with a null where a row lacks one', async () => {
    const name = await writeJsonl(file('union.jsonl'), [
      { a: 1 },
      { b: [{ role: 'user' }], a: 0.5 },
      { a: true, constructor: 'c' },
    ]);
    await withDataset(name, async ({ columns }) =>
      expect(columns).toEqual([
        { name: 'a', type: 'bool | double' },
        { name: 'b', type: 'list<struct<role: string>>' },
        { name: 'constructor', type: 'string' },
      ]),
    );
    expect(await readAll(name)).toEqual([
      [1, null, null],
      [0.5, [{ role: 'user' }], null],
      [true, null, 'c'],
    ]);
  });

  it('may be compressed, may begin with a byte order mark and may hold a field named __proto__', async () => {
    const name = file('packed.jsonl.gz');
    await writeFile(name, gzipSync('\ufeff{"__proto__":"safe","b":1}\r\n'));
    expect(await readAll(name)).toEqual([['safe', 1]]);
  });

  it('stops reading when cancelled', async () => {
    const name = await writeJsonl(file('cancel.jsonl'), [{ a: 1 }]);
    await withDataset(name, async (dataset) => {
      const iterate = async () => {
        for await (const _ of dataset.read({ start: 0, end: 1 }, AbortSignal.abort())) throw new Error('it went on');
      };
      await expect(iterate()).rejects.toThrow(/abort/i);
    });
  });
});

describe('JSON and CSV', () => {
  it.each([
    ['a list', '[{"a":1},{"a":2}]'],
    ['rows', '{"rows":[{"a":1},{"a":2}]}'],
    ['data', '{"data":[{"a":1},{"a":2}]}'],
  ])('JSON may hold its rows as %s', async (_, text) => {
    const name = file('rows.json');
    await writeFile(name, text);
    expect(await readAll(name)).toEqual([[1], [2]]);
  });

  it('CSV has its columns in the first row; quoted cells may hold commas, quotes and line breaks', async () => {
    const name = file('rows.csv');
    await writeFile(name, 'prompt,chosen,chosen\n"a, ""b""\nc",x,y\n');
    await withDataset(name, async ({ columns }) =>
      expect(columns.map((column) => column.name)).toEqual(['prompt', 'chosen', 'chosen']),
    );
    expect(await readAll(name)).toEqual([['a, "b"\nc', 'x', 'y']]);
  });
});
