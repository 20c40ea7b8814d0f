import { copyFile, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  Field,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromArrays,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { formatCell } from '../../../src/core/datasets/format-cell.ts';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { readAll, suiteFolder, withDataset } from './files.ts';

const folder = suiteFolder();
const file = (name: string) => path.join(folder(), name);
const fixture = (name: string) => path.resolve(import.meta.dirname, '../../fixtures/arrow', name);

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(file(name), bytes);
  return file(name);
}

const LONG = 'é🎉 longer than twelve bytes';
const WIDE = '123456789012345678901234567890.12';

/** Column, type, and the cells of three rows, as pyarrow was given them in test/fixtures/arrow/make.py. */
const EVERY_TYPE: readonly (readonly [string, string, unknown, unknown, unknown])[] = [
  ['string', 'string', 'a', LONG, null],
  ['large_string', 'string', 'a', '', null],
  ['string_view', 'string', 'a', LONG, null],
  ['binary_view', 'binary', new Uint8Array([255]), new TextEncoder().encode('0123456789abc'), null],
  ['dictionary', 'string', 'u', 'v', null],
  ['int64', 'int64', 1, 2n ** 60n, null],
  ['uint64', 'uint64', 1, 2n ** 63n + 1n, null],
  ['float16', 'float16', 1.5, Number.NEGATIVE_INFINITY, null],
  ['float', 'float', 1.5, Number.NaN, null],
  ['bool', 'bool', true, false, null],
  ['binary', 'binary', new Uint8Array([255, 0]), new Uint8Array(), null],
  ['fixed_binary', 'fixed_binary[2]', new Uint8Array([97, 98]), new Uint8Array([255, 0]), null],
  ['decimal128', 'decimal(38, 2)', -0.05, WIDE, null],
  ['decimal256', 'decimal(50, 2)', 1.5, `-${WIDE}`, null],
  ['decimal32', 'decimal(5, 2)', 1.5, -9, null],
  ['date32', 'date', new Date('2020-01-02'), new Date('1969-12-31'), null],
  ['date64', 'date', new Date('2020-01-02'), null, null],
  ['timestamp_ms', 'timestamp[ms, UTC]', new Date(1600000000123), new Date(-1), null],
  ['timestamp_ns', 'timestamp[ns]', '2020-09-13T12:26:40.123456789', '1969-12-31T23:59:59.999999999', null],
  ['time32', 'time[ms]', '00:00:01.000', '23:59:59.999', null],
  ['time64', 'time[us]', '00:00:00.000001', '23:59:59.999999', null],
  ['duration', 'duration[us]', 1000, -1, null],
  ['null', 'null', null, null, null],
  ['list', 'list<int64>', [1, null], [], null],
  ['large_list', 'list<string>', ['a'], [], null],
  ['fixed_list', 'list<int32>', [1, 2], [3, 4], null],
  ['struct', 'struct<x: int64, y: string>', { x: 1, y: null }, null, { x: null, y: 'b' }],
  [
    'map',
    'map<string, int64>',
    [
      { key: 'k', value: 1 },
      { key: 'k', value: 2 },
    ],
    [],
    null,
  ],
  [
    'messages',
    'list<struct<role: string, content: string>>',
    [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: null },
    ],
    [],
    null,
  ],
  ['list_of_dictionary', 'list<string>', ['u', 'v'], [], null],
];

describe('an Arrow file of the reference implementation', () => {
  it.each([
    ['types.arrow', 'a file'],
    ['types-zstd.arrows', 'a stream packed with zstd'],
    ['types-legacy.arrows', 'a stream from before Arrow 0.15'],
  ])('%s (%s) gives every type exactly', async (name) => {
    await withDataset(fixture(name), async ({ kind, columns, rowCount }) => {
      expect({ kind, rowCount }).toEqual({ kind: 'arrow', rowCount: 3 });
      expect(columns).toEqual(EVERY_TYPE.map(([column, type]) => ({ name: column, type })));
    });
    const rows = await readAll(fixture(name));
    for (const [column, [label, , ...cells]] of EVERY_TYPE.entries()) {
      expect([label, ...rows.map((row) => row[column])]).toEqual([label, ...cells]);
    }
  });

  it('packed with LZ4 is read where blocks refer to earlier ones', async () => {
    const rows = await readAll(fixture('linked-blocks-lz4.feather'));
    expect(rows).toEqual(
      Array.from({ length: 1_000 }, (_, row) => [`${row} ${'a line that comes again '.repeat(12)}`]),
    );
  });

  it('may replace a dictionary in a stream and add to one in a file', async () => {
    expect((await readAll(fixture('dictionary-replaced.arrows'))).flat()).toEqual(['a', 'b', 'c', 'd']);
    expect((await readAll(fixture('dictionary-grows.arrow'))).flat()).toEqual(['a', 'b', 'c', 'b']);
    // Back to the first batch: the dictionary that holds there, not the one read last.
    await withDataset(fixture('dictionary-replaced.arrows'), async (dataset) => {
      for (const [start, letter] of [
        [3, 'd'],
        [0, 'a'],
      ] as const) {
        for await (const batch of dataset.read({ start, end: start + 1 })) expect(batch.rows).toEqual([[letter]]);
      }
    });
  });
});

describe('an Arrow file', () => {
  const texts = (rows: number) => Array.from({ length: rows }, (_, row) => `${row}:${'x'.repeat(100)}`);

  it('is opened under each of its endings', async () => {
    const bytes = tableToIPC(tableFromArrays({ n: new Int32Array([1, 2]) }), 'file');
    for (const name of ['a.arrow', 'a.feather', 'a.ipc', 'a.arrows']) {
      expect(await readAll(await written(name, bytes))).toEqual([[1], [2]]);
    }
  });

  it.each(['file', 'stream'] as const)('gives any range of rows and columns of a %s', async (format) => {
    const schema = new Schema([new Field('n', new Int32()), new Field('text', new Utf8())]);
    const batches = [1_000, 0, 7_000, 3].map((length, batch) => {
      const n = vectorFromArray(
        Array.from({ length }, (_, row) => batch * 10_000 + row),
        new Int32(),
      );
      const text = vectorFromArray(
        Array.from({ length }, (_, row) => `${batch}/${row}`),
        new Utf8(),
      );
      const children = [n, text].map((vector) => vector.data[0] ?? makeData({ type: vector.type, length: 0 }));
      return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
    });
    const name = await written(`ranges-${format}.arrow`, tableToIPC(new Table(schema, batches), format));
    const all = await readAll(name);
    expect(all).toHaveLength(8_003);
    for (const [start, end] of [
      [0, 1],
      [999, 1_001],
      [3_333, 7_777],
      [7_999, 9_000],
      [8_003, 8_010],
    ] as const) {
      expect(await readAll(name, { start, end })).toEqual(all.slice(start, end));
    }
    await withDataset(name, async (dataset) => {
      for await (const batch of dataset.read({ start: 1_000, end: 1_001, columns: [1, 0, 1] })) {
        expect(batch).toEqual({ start: 1_000, rows: [['2/0', 20_000, '2/0']] });
      }
    });
  });

  it('reads few bytes for a few rows of a large batch', async () => {
    const text = vectorFromArray(texts(40_000), new Utf8());
    const table = new Table({ text, other: text });
    const name = await written('large.arrow', tableToIPC(table, 'file'));
    const probe = await open(name);
    const prototype = Object.getPrototypeOf(probe) as { read: typeof probe.read };
    await probe.close();
    const original = prototype.read;
    let bytes = 0;
    await withDataset(name, async (dataset) => {
      prototype.read = async function (this: typeof probe, ...args: Parameters<typeof probe.read>) {
        const result = await original.apply(this, args);
        bytes += result.bytesRead;
        return result;
      } as typeof probe.read;
      try {
        for await (const batch of dataset.read({ start: 30_000, end: 30_010, columns: [1] })) {
          expect(batch.rows[0]).toEqual(texts(30_001).slice(30_000));
        }
      } finally {
        prototype.read = original;
      }
    });
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(20_000);
  });

  it('keeps columns with duplicate, empty and odd names apart', async () => {
    const names = ['a', 'a', '', '__proto__', 'a.b'];
    const schema = new Schema(names.map((name) => new Field(name, new Int32())));
    const children = names.map((_, column) => vectorFromArray([column], new Int32()).data[0]!);
    const data = makeData({ type: new Struct(schema.fields), length: 1, nullCount: 0, children });
    const name = await written('odd.arrow', tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), 'file'));
    await withDataset(name, async ({ columns }) => expect(columns.map((column) => column.name)).toEqual(names));
    expect(await readAll(name)).toEqual([[0, 1, 2, 3, 4]]);
  });

  it('gives a field named __proto__ as a field', async () => {
    const rows = [JSON.parse('{"__proto__":5,"a":"b"}') as object];
    const type = new Struct([new Field('__proto__', new Int32(), true), new Field('a', new Utf8(), true)]);
    const table = new Table({ s: vectorFromArray(rows, type) });
    const [row] = await readAll(await written('proto.arrow', tableToIPC(table, 'stream')));
    expect(formatCell(row?.[0])).toBe('{"__proto__": 5, "a": "b"}');
  });

  it('without rows is no error', async () => {
    const bytes = tableToIPC(new Table(new Schema([new Field('chosen', new Utf8())])), 'file');
    expect(await readAll(await written('no-rows.arrow', bytes))).toEqual([]);
  });

  it('stops reading when it is told to', async () => {
    await copyFile(fixture('types.arrow'), file('abort.arrow'));
    await expect(openDataset(file('abort.arrow'), AbortSignal.abort())).rejects.toThrow(/abort/i);
    await withDataset(file('abort.arrow'), async (dataset) => {
      const stop = new AbortController();
      const reading = dataset.read({ start: 0, end: 3 }, stop.signal)[Symbol.asyncIterator]();
      expect((await reading.next()).value?.rows).toHaveLength(2);
      stop.abort();
      await expect(reading.next()).rejects.toThrow(/abort/i);
    });
  });
});
