import { open } from 'node:fs/promises';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAll, suiteFolder, withDataset, writeParquet, writeParquetSchema } from './files.ts';

const folder = suiteFolder();
const file = (name: string) => path.join(folder(), name);

/** A zstd frame of raw blocks: what any zstd decoder takes, without a compressor at hand. */
function zstdFrame(input: Uint8Array): Uint8Array {
  const header = Buffer.alloc(9);
  header.writeUInt32LE(0xfd2fb528, 0);
  header[4] = 0xa0;
  header.writeUInt32LE(input.byteLength, 5);
  const blocks: Buffer[] = [header];
  for (let at = 0; at < input.byteLength || at === 0; at += 100_000) {
    const size = Math.min(100_000, input.byteLength - at);
    const last = at + size >= input.byteLength ? 1 : 0;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((size << 3) | last, 0, 3);
    blocks.push(blockHeader, Buffer.from(input.subarray(at, at + size)));
  }
  return Buffer.concat(blocks);
}

describe('a Parquet file', () => {
  it('gives any range of rows and any columns, in the order asked for', async () => {
    const name = await writeParquet(
      file('numbers.parquet'),
      [
        { name: 'n', data: Array.from({ length: 1000 }, (_, n) => n) },
        { name: 'text', data: Array.from({ length: 1000 }, (_, n) => `row ${n}`) },
      ],
      { rowGroupSize: 100 },
    );
    await withDataset(name, async (dataset) => {
      const found: unknown[][] = [];
      for await (const { rows } of dataset.read({ start: 198, end: 201, columns: [1, 0] })) {
        found.push(...rows.map((row) => [...row]));
      }
      expect(found).toEqual([
        ['row 198', 198],
        ['row 199', 199],
        ['row 200', 200],
      ]);
      expect(dataset.files[0]?.parquet).toMatchObject({ rowGroups: 10, largestRowGroup: 100, codecs: ['SNAPPY'] });
    });
  });

  it('reads few bytes for few rows where it has a page index', async () => {
    const rows = 20_000;
    const name = await writeParquet(
      file('paged.parquet'),
      [{ name: 'text', data: Array.from({ length: rows }, (_, n) => `${n}:${'x'.repeat(200)}${n * 7919}`) }],
      { rowGroupSize: rows, pageSize: 20_000, codec: 'UNCOMPRESSED' },
    );
    const probe = await open(name);
    const prototype = Object.getPrototypeOf(probe) as { read: (...args: unknown[]) => Promise<{ bytesRead: number }> };
    await probe.close();
    const original = prototype.read;
    let bytes = 0;
    await withDataset(name, async (dataset) => {
      prototype.read = async function (this: unknown, ...args: unknown[]) {
        const result = await original.apply(this, args);
        bytes += result.bytesRead;
        return result;
      };
      try {
        for await (const batch of dataset.read({ start: 10_000, end: 10_010 })) {
          expect(String(batch.rows[0]?.[0])).toMatch(/^10000:/);
        }
      } finally {
        prototype.read = original;
      }
    });
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(100_000);
  });

  it('keeps columns with duplicate, empty, dotted and odd names apart', async () => {
    const names = ['a', 'a', '', '__proto__', 'a.b', 'constructor'];
    const schema = [
      { name: 'schema', num_children: names.length },
      ...names.map((name) => ({ name, type: 'INT32' as const, repetition_type: 'OPTIONAL' as const })),
    ];
    // The writer finds a column by its name, so that the two "a" hold the same here; they are still two columns.
    const name = await writeParquetSchema(file('odd.parquet'), schema, [
      names.map((column, index) => ({ name: column, data: [index] })),
    ]);
    await withDataset(name, async (dataset) => expect(dataset.columns.map((column) => column.name)).toEqual(names));
    expect(await readAll(name)).toEqual([[0, 1, 2, 3, 4, 5]]);
  });

  it('shows nested types as a person reads them and gives nested values as plain ones', async () => {
    const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;
    const schema = [
      { name: 'schema', num_children: 2 },
      { name: 'messages', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' } as const,
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 } as const,
      { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 } as const,
      { name: 'role', ...text },
      { name: 'content', ...text },
      { name: 'label', repetition_type: 'OPTIONAL', num_children: 1 } as const,
      { name: 'score', type: 'INT64', repetition_type: 'OPTIONAL' } as const,
    ];
    const messages = [
      [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: null },
      ],
      [],
      null,
    ];
    const label = [{ score: 3n }, { score: 2n ** 60n }, null];
    const name = await writeParquetSchema(file('nested.parquet'), schema, [
      [
        { name: 'messages', data: messages },
        { name: 'label', data: label },
      ],
    ]);
    await withDataset(name, async (dataset) =>
      expect(dataset.columns.map((column) => column.type)).toEqual([
        'list<struct<role: string, content: string>>',
        'struct<score: int64>',
      ]),
    );
    expect(await readAll(name)).toEqual([
      [messages[0], { score: 3 }],
      [[], { score: 2n ** 60n }],
      [null, null],
    ]);
  });

  it('finds a row in the middle of list columns whose pages begin at different rows', async () => {
    const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;
    const schema = [
      { name: 'schema', num_children: 1 },
      { name: 'messages', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' } as const,
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 } as const,
      { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 } as const,
      { name: 'role', ...text },
      { name: 'content', ...text },
    ];
    const data = Array.from({ length: 3_000 }, (_, row) =>
      Array.from({ length: row % 4 }, (_, turn) => ({
        role: `role ${turn}`,
        content: `${row}.${turn} ${'y'.repeat(row % 90)}`,
      })),
    );
    const name = await writeParquetSchema(file('lists.parquet'), schema, [[{ name: 'messages', data }]], 4_000);
    for (const start of [0, 1_499, 2_995]) {
      expect(await readAll(name, { start, end: start + 5 })).toEqual(
        data.slice(start, start + 5).map((list) => [list]),
      );
    }
  });

  it('keeps bytes as bytes, int64 exact, and null apart from empty', async () => {
    const bytes = new Uint8Array([0xff, 0x00, 0xfe]);
    const name = await writeParquet(file('exact.parquet'), [
      { name: 'bytes', data: [bytes, null], type: 'BYTE_ARRAY' },
      { name: 'big', data: [2n ** 53n + 1n, 5n] },
      { name: 'text', data: ['', null] },
      { name: 'json', data: [{ a: 1 }, null] },
    ]);
    expect(await readAll(name)).toEqual([
      [bytes, 2n ** 53n + 1n, '', '{"a":1}'],
      [null, 5, null, null],
    ]);
  });

  it.each([
    ['ZSTD', zstdFrame],
    ['GZIP', (input: Uint8Array) => zlib.gzipSync(input)],
    [
      'BROTLI',
      (input: Uint8Array) => zlib.brotliCompressSync(input, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ],
  ] as const)('reads pages packed with %s', async (codec, compress) => {
    const data = Array.from({ length: 5_000 }, (_, n) => `${n} ${'word '.repeat(n % 30)}`);
    const name = await writeParquet(file(`${codec}.parquet`), [{ name: 'text', data }], {
      codec,
      compressors: { [codec]: compress },
    });
    expect((await readAll(name)).map(([text]) => text)).toEqual(data);
  });

  it('gives no rows of an empty table, and that is no error', async () => {
    const name = await writeParquet(file('empty-table.parquet'), [{ name: 'chosen', data: [], type: 'STRING' }]);
    expect(await readAll(name)).toEqual([]);
  });
});
