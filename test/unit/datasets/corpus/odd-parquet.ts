/** Parquet files that are whole, but rare: types, encodings, codecs, page versions, layouts, names. */

import zlib from 'node:zlib';
import type { FileMetaData, SchemaElement } from 'hyparquet';
import { copied, fixture, type OddFile, parquet, parquetOf, withFooter } from './odd-file.ts';

const numbers = Array.from({ length: 3_000 }, (_, n) => n);
const LAST = 2_999;

const optional = (name: string, more: Partial<SchemaElement>): SchemaElement => ({
  name,
  repetition_type: 'OPTIONAL',
  ...more,
});
const text = (name: string) => optional(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' });

/** A decimal of so many digits, stored as big-endian bytes. */
function decimal(digits: number, scale: number, length: number, value: bigint): Buffer {
  const bytes = Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
  const element = optional('d', { type: 'FIXED_LEN_BYTE_ARRAY', type_length: length });
  const file = parquetOf([element], [{ name: 'd', data: [bytes, null] }]);
  const annotated = { ...element, converted_type: 'DECIMAL', precision: digits, scale } as const;
  return withFooter(file, (metadata) => ({ ...metadata, schema: [metadata.schema[0]!, annotated] }));
}

/** The row groups with every column chunk under this path. */
function withPath({ row_groups }: FileMetaData, path_in_schema: string[]): FileMetaData['row_groups'] {
  return row_groups.map((group) => ({
    ...group,
    columns: group.columns.map((chunk) => ({ ...chunk, meta_data: { ...chunk.meta_data!, path_in_schema } })),
  }));
}

const CODECS: OddFile[] = ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'].map((codec) => ({
  name: `pages-1-${codec}.parquet`,
  what: `pages of version 1, dictionaries, packed with ${codec}`,
  make: () => copied(`SELECT i AS n, 'text ' || i % 7 AS t FROM range(3000) r(i)`, `CODEC '${codec}'`),
  expected: {
    rows: 3_000,
    at: [
      [LAST, 0, '2999'],
      [LAST, 1, 'text 3'],
    ],
  },
}));

const CODECS_2: OddFile[] = (
  [
    ['UNCOMPRESSED', (bytes: Uint8Array) => bytes],
    ['SNAPPY', undefined],
    ['GZIP', (bytes: Uint8Array) => zlib.gzipSync(bytes)],
    ['BROTLI', (bytes: Uint8Array) => zlib.brotliCompressSync(bytes)],
  ] as const
).map(([codec, compress]) => ({
  name: `pages-2-${codec.toLowerCase()}.parquet`,
  what: `pages of version 2 packed with ${codec}`,
  make: () =>
    parquet(
      [
        { name: 'n', data: numbers },
        { name: 't', data: numbers.map((n) => (n % 5 ? `text ${n}` : null)) },
      ],
      { codec, pageSize: 4_000, ...(compress && { compressors: { [codec]: compress } }) },
    ),
  expected: {
    rows: 3_000,
    at: [
      [LAST, 0, '2999'],
      [LAST, 1, 'text 2999'],
      [5, 1, 'null'],
    ],
  },
}));

const texts = numbers.map((n) => `shared start, number ${n}`);
const ENCODINGS: OddFile[] = (
  [
    ['plain-text', 'BYTE_ARRAY', 'PLAIN', texts, `shared start, number ${LAST}`],
    ['delta-length', 'BYTE_ARRAY', 'DELTA_LENGTH_BYTE_ARRAY', texts, `shared start, number ${LAST}`],
    ['delta-bytes', 'BYTE_ARRAY', 'DELTA_BYTE_ARRAY', texts, `shared start, number ${LAST}`],
    ['delta-int32', 'INT32', 'DELTA_BINARY_PACKED', numbers.map((n) => n * (n % 2 ? -70_001 : 3)), '-209932999'],
    [
      'delta-int64',
      'INT64',
      'DELTA_BINARY_PACKED',
      numbers.map((n) => 2n ** 62n - BigInt(n * 7919)),
      '4611686018403638823',
    ],
    ['split-float', 'FLOAT', 'BYTE_STREAM_SPLIT', numbers.map((n) => n / 4), '749.75'],
    ['split-double', 'DOUBLE', 'BYTE_STREAM_SPLIT', numbers.map((n) => n / 3), String(LAST / 3)],
    ['split-int64', 'INT64', 'BYTE_STREAM_SPLIT', numbers.map((n) => BigInt(-n)), '-2999'],
    ['rle-boolean', 'BOOLEAN', 'RLE', numbers.map((n) => n % 3 === 0), 'false'],
    ['plain-boolean', 'BOOLEAN', 'PLAIN', numbers.map((n) => n % 3 === 2), 'true'],
  ] as const
).map(([name, type, encoding, data, shown]) => ({
  name: `encoding-${name}.parquet`,
  what: `${type} encoded as ${encoding}`,
  make: () => {
    const element = { type, ...(type === 'BYTE_ARRAY' && { converted_type: 'UTF8' as const }) };
    return parquetOf([optional('c', element)], [{ name: 'c', data: [...data], encoding }]);
  },
  expected: { rows: 3_000, at: [[LAST, 0, shown]] },
}));

const TYPES: OddFile[] = [
  {
    name: 'types-of-duckdb.parquet',
    what: 'every type that DuckDB writes',
    make: () =>
      copied(
        `SELECT 18446744073709551615::UBIGINT, 200::UTINYINT, (-128)::TINYINT, '00112233-4455-6677-8899-aabbccddeeff'::UUID,
           INTERVAL '14 months 3 days', TIME '23:59:59.999999', 12345678901234567890.123456789::DECIMAL(38, 9),
           TIMESTAMPTZ '2024-02-29 12:00:00.000001+00', TIMESTAMP_NS '1969-12-31 23:59:59.999999999', DATE '9999-12-31',
           'a'::BLOB, MAP {'k': 1, 'l': NULL}, [[1], [], NULL], {'a': {'b': [1, NULL]}}, '{"x": 1}'::JSON, '-infinity'::DOUBLE`,
      ),
    expected: {
      rows: 1,
      cells: [
        [
          '18446744073709551615',
          '200',
          '-128',
          '00112233-4455-6677-8899-aabbccddeeff',
          'P14M3DT0S',
          '23:59:59.999999',
          '12345678901234567890.123456789',
          '2024-02-29T12:00:00.000001Z',
          '1969-12-31T23:59:59.999999999',
          '9999-12-31',
          '0x61',
          '{"k": 1, "l": null}',
          '[[1], [], null]',
          '{"a": {"b": [1, null]}}',
          '{"x": 1}',
          '-Infinity',
        ],
      ],
    },
  },
  {
    name: 'delta-of-duckdb.parquet',
    what: 'pages whose numbers and texts are all deltas',
    make: () => copied(`SELECT i * i AS n, 'text ' || i AS t FROM range(3000) r(i)`, 'PARQUET_VERSION v2'),
    expected: {
      rows: 3_000,
      at: [
        [LAST, 0, '8994001'],
        [LAST, 1, 'text 2999'],
      ],
    },
  },
  {
    name: 'decimal-1.parquet',
    what: 'a decimal of one digit',
    make: () => decimal(1, 0, 1, -9n),
    expected: { rows: 2, types: ['decimal(1, 0)'], cells: [['-9'], ['null']] },
  },
  {
    name: 'decimal-38.parquet',
    what: 'a decimal of 38 digits',
    make: () => decimal(38, 38, 16, -(10n ** 37n + 1n)),
    expected: { rows: 2, cells: [[`-0.1${'0'.repeat(36)}1`], ['null']] },
  },
  {
    name: 'decimal-76.parquet',
    what: 'a decimal of 76 digits',
    make: () => decimal(76, 3, 32, 10n ** 75n + 7n),
    expected: { rows: 2, cells: [[`1${'0'.repeat(72)}.007`], ['null']] },
  },
  {
    name: 'decimal-200.parquet',
    what: 'a decimal of more digits than any program holds in a number',
    make: () => decimal(200, 0, 84, -(10n ** 199n)),
    expected: { rows: 2, cells: [[`-1${'0'.repeat(199)}`], ['null']] },
  },
  {
    name: 'int96.parquet',
    what: 'timestamps of the old type INT96',
    make: () => fixture('parquet/int96.parquet'),
    expected: { rows: 2, cells: [['2023-11-14T22:13:20.123456789'], ['1969-12-31T23:59:59.999999999']] },
  },
  {
    name: 'invalid-utf8.parquet',
    what: 'text that is not UTF-8, halves of characters, NUL, a byte order mark',
    make: () => {
      const odd = [Buffer.from([0x61, 0xff]), Buffer.from([0xed, 0xa0, 0x80]), 'a\0b', '\ufeffmark', '\r\n', ''];
      return parquetOf([text('t')], [{ name: 't', data: odd.map((value) => Buffer.from(value)) }]);
    },
    expected: { rows: 6, cells: [['0x61ff'], ['0xeda080'], ['a\0b'], ['\ufeffmark'], ['\r\n'], ['']] },
  },
  {
    name: 'map.parquet',
    what: 'a map that holds one key twice',
    make: () => copied(`SELECT map_from_entries([{'k': 2, 'v': 'x'}, {'k': 1, 'v': NULL}]) AS m`),
    expected: { rows: 1, cells: [['[{"key": 2, "value": "x"}, {"key": 1, "value": null}]']] },
  },
  {
    name: 'repeated.parquet',
    what: 'a repeated field outside any list, as protobuf writes it',
    make: () =>
      withFooter(
        parquetOf(
          [
            { name: 'r', num_children: 1, repetition_type: 'REQUIRED', converted_type: 'LIST' },
            { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
            { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' },
          ],
          [{ name: 'r', data: [[1, 2], [], [3]] }],
        ),
        (metadata) => ({
          ...metadata,
          schema: [metadata.schema[0]!, { name: 'r', type: 'INT32', repetition_type: 'REPEATED' }],
          row_groups: withPath(metadata, ['r']),
        }),
      ),
    expected: { rows: 3, types: ['list<int32>'], cells: [['[1, 2]'], ['[]'], ['[3]']] },
  },
  {
    name: 'deep.parquet',
    what: 'lists in lists, 40 deep',
    make: () => copied(`SELECT ${'['.repeat(40)}7${']'.repeat(40)} AS deep`),
    expected: { rows: 1, cells: [[`${'['.repeat(40)}7${']'.repeat(40)}`]] },
  },
  {
    name: 'same-fields.parquet',
    what: 'a struct with two fields of one name',
    make: () =>
      withFooter(
        parquetOf(
          [optional('s', { num_children: 2 }), optional('a', { type: 'INT32' }), optional('b', { type: 'INT32' })],
          [{ name: 's', data: [{ a: 1, b: 2 }] }],
        ),
        (metadata) => ({
          ...metadata,
          schema: metadata.schema.map((element) => (element.name === 'b' ? { ...element, name: 'a' } : element)),
          row_groups: withPath(metadata, ['s', 'a']),
        }),
      ),
    expected: { rows: 1, cells: [['[{"key": "a", "value": 1}, {"key": "a", "value": 2}]']] },
  },
];

const LAYOUTS: OddFile[] = [
  {
    name: 'no-rows.parquet',
    what: 'columns, no rows',
    make: () => copied(`SELECT 1 AS n, 'a' AS t WHERE false`),
    expected: { rows: 0, columns: ['n', 't'] },
  },
  {
    name: 'no-row-groups.parquet',
    what: 'columns, no row groups',
    make: () => parquetOf([text('t')], []),
    expected: { rows: 0, columns: ['t'] },
  },
  {
    name: 'no-columns.parquet',
    what: 'rows without columns',
    make: () =>
      withFooter(parquet([{ name: 'n', data: [1, 2] }]), (metadata) => ({
        ...metadata,
        schema: [{ name: 'schema', num_children: 0 }],
        row_groups: metadata.row_groups.map((group) => ({ ...group, columns: [] })),
      })),
    expected: { code: 'unsupported-file', says: /no columns.*Write it again/ },
  },
  {
    name: 'one-row-groups.parquet',
    what: 'a row group for each row',
    make: () => parquet([{ name: 'n', data: numbers }], { rowGroupSize: 1 }),
    expected: {
      rows: 3_000,
      at: [
        [LAST, 0, '2999'],
        [1_500, 0, '1500'],
      ],
    },
  },
  {
    name: 'tiny-pages.parquet',
    what: 'a page for each value or so',
    make: () => parquet([{ name: 't', data: texts, encoding: 'PLAIN' }], { pageSize: 10, rowGroupSize: 3_000 }),
    expected: {
      rows: 3_000,
      at: [
        [LAST, 0, texts[LAST]!],
        [1_234, 0, texts[1_234]!],
      ],
    },
  },
  {
    name: 'all-null.parquet',
    what: 'nothing but nulls',
    make: () => copied('SELECT NULL::INTEGER AS n, NULL::VARCHAR[] AS l FROM range(3)'),
    expected: {
      rows: 3,
      cells: [
        ['null', 'null'],
        ['null', 'null'],
        ['null', 'null'],
      ],
    },
  },
  {
    name: 'odd-names.parquet',
    what: 'names of columns that are empty, repeated, dotted, hostile or names of the language',
    make: () => {
      const names = [
        'a',
        'a',
        '',
        '__proto__',
        'a.b',
        'constructor',
        'toString',
        'line\nbreak',
        '\u202eltr',
        '<img src=x>',
      ];
      const elements = names.map((name) => optional(name, { type: 'INT32' }));
      return parquetOf(
        elements,
        names.map((name, index) => ({ name, data: [index] })),
      );
    },
    expected: {
      rows: 1,
      columns: ['a', 'a', '', '__proto__', 'a.b', 'constructor', 'toString', 'line\nbreak', '\u202eltr', '<img src=x>'],
      at: [
        [0, 2, '2'],
        [0, 3, '3'],
        [0, 5, '5'],
        [0, 9, '9'],
      ],
    },
  },
  {
    name: 'ten-thousand-columns.parquet',
    what: '10,000 columns',
    make: () => parquet(Array.from({ length: 10_000 }, (_, n) => ({ name: `c${n}`, data: [n, -n] }))),
    expected: {
      rows: 2,
      at: [
        [0, 9_999, '9999'],
        [1, 5_000, '-5000'],
      ],
    },
  },
  {
    name: 'huge-cell.parquet',
    what: 'a cell of 50 MB',
    make: () => parquet([{ name: 't', data: ['small', `${'x'.repeat(50_000_000)}end`] }]),
    expected: {
      rows: 2,
      at: [
        [0, 0, 'small'],
        [1, 0, (cell) => cell.length === 50_000_003 && cell.endsWith('xend')],
      ],
    },
  },
  {
    name: 'metadata.parquet',
    what: 'key-value metadata with odd keys, one of 1 MB',
    make: () =>
      parquet([{ name: 'n', data: [1] }], {
        kvMetadata: [{ key: '__proto__', value: 'x' }, { key: '' }, { key: 'large', value: 'y'.repeat(2 ** 20) }],
      }),
    expected: { rows: 1, cells: [['1']] },
  },
];

export const ODD_PARQUET: readonly OddFile[] = [...CODECS, ...CODECS_2, ...ENCODINGS, ...TYPES, ...LAYOUTS];
