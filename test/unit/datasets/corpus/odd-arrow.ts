/** Arrow files and streams that are rare, cut, damaged or something else. */

import { gzipSync } from 'node:zlib';
import {
  Dictionary,
  Field,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { ErrorCode } from '../../../../src/core/errors.ts';
import { fixture, flipped, type OddFile, parquet, placeOf } from './odd-file.ts';

const texts = Array.from({ length: 400 }, (_, n) => `some text ${n * 7919}`);
const good = (format: 'file' | 'stream' = 'file') =>
  Buffer.from(tableToIPC(new Table({ text: vectorFromArray(texts, new Utf8()) }), format));

const refused = (name: string, what: string, make: OddFile['make'], code: ErrorCode, says: RegExp): OddFile => ({
  name,
  what,
  make,
  expected: { code, says },
});

/** One row of 32-bit numbers, each the place of its column. */
function numbered(names: readonly string[]): Uint8Array {
  const schema = new Schema(names.map((name) => new Field(name, new Int32())));
  const children = names.map((_, column) => vectorFromArray([column], new Int32()).data[0]!);
  const data = makeData({ type: new Struct(schema.fields), length: 1, nullCount: 0, children });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), 'file');
}

const WHOLE: OddFile[] = [
  {
    name: 'types.arrow',
    what: 'every type, as a file',
    make: () => fixture('arrow/types.arrow'),
    expected: {
      rows: 3,
      at: [
        [1, 5, String(2n ** 60n)],
        [1, 6, String(2n ** 63n + 1n)],
        [0, 27, '[{"key": "k", "value": 1}, {"key": "k", "value": 2}]'],
      ],
    },
  },
  {
    name: 'zstd.arrows',
    what: 'a stream packed with zstd',
    make: () => fixture('arrow/types-zstd.arrows'),
    expected: { rows: 3, at: [[1, 5, String(2n ** 60n)]] },
  },
  {
    name: 'lz4.feather',
    what: 'a file packed with LZ4 whose blocks refer to earlier ones',
    make: () => fixture('arrow/linked-blocks-lz4.feather'),
    expected: { rows: 1_000, at: [[999, 0, /^999 a line that comes again/]] },
  },
  {
    name: 'dictionary-grows.arrow',
    what: 'a dictionary that grows',
    make: () => fixture('arrow/dictionary-grows.arrow'),
    expected: { rows: 4, cells: [['a'], ['b'], ['c'], ['b']] },
  },
  {
    name: 'dictionary.arrow',
    what: 'texts of a dictionary',
    make: () => {
      const words = vectorFromArray(['a', 'b', null, 'a'], new Dictionary(new Utf8(), new Int32()));
      return tableToIPC(new Table({ words }), 'file');
    },
    expected: { rows: 4, cells: [['a'], ['b'], ['null'], ['a']] },
  },
  {
    name: 'no-rows.arrow',
    what: 'columns, no rows',
    make: () => tableToIPC(new Table(new Schema([new Field('chosen', new Utf8())])), 'file'),
    expected: { rows: 0, columns: ['chosen'] },
  },
  {
    name: 'odd-names.arrow',
    what: 'names of columns that are empty, repeated or hostile',
    make: () => numbered(['a', 'a', '', '__proto__', 'a.b', '<img src=x>']),
    expected: {
      rows: 1,
      columns: ['a', 'a', '', '__proto__', 'a.b', '<img src=x>'],
      cells: [['0', '1', '2', '3', '4', '5']],
    },
  },
  {
    name: 'ten-thousand-columns.arrow',
    what: '10,000 columns',
    make: () => numbered(Array.from({ length: 10_000 }, (_, n) => `c${n}`)),
    expected: { rows: 1, at: [[0, 9_999, '9999']] },
  },
  {
    name: 'huge-cell.arrow',
    what: 'a cell of 50 MB',
    make: () => tableToIPC(new Table({ t: vectorFromArray(['small', 'x'.repeat(50_000_000)], new Utf8()) }), 'file'),
    expected: {
      rows: 2,
      at: [
        [0, 0, 'small'],
        [1, 0, (cell) => cell.length === 50_000_000],
      ],
    },
  },
  {
    name: 'stream.arrow',
    what: 'a stream under the name of a file',
    make: () => good('stream'),
    expected: { rows: 400, at: [[399, 0, texts[399]!]] },
  },
];

const OTHER: OddFile[] = [
  refused('empty.arrow', 'zero bytes', () => '', 'empty-file', /0 bytes/),
  refused('json.arrow', 'JSONL', () => '{"a":1}\n', 'unsupported-file', /JSON/),
  refused('csv.arrow', 'CSV', () => 'prompt,chosen\n1,2\n3,4\n', 'unsupported-file', /not an Arrow file/),
  refused('letter.arrow', 'one letter', () => 'A', 'unsupported-file', /not an Arrow file/),
  refused('page.feather', 'a web page', () => '<!DOCTYPE html><html></html>', 'unsupported-file', /HTML/),
  refused('gzip.arrow', 'gzip', () => gzipSync('text'), 'unsupported-file', /gzip/),
  refused('image.arrow', 'a PNG image', () => Buffer.from('89504e470d0a1a0a', 'hex'), 'unsupported-file', /PNG/),
  refused(
    'lfs.arrow',
    'a Git LFS pointer',
    () => 'version https://git-lfs.github.com/spec/v1',
    'unsupported-file',
    /lfs pull/,
  ),
  refused('parquet.arrow', 'Parquet', () => parquet([{ name: 'a', data: [1] }]), 'unsupported-file', /Parquet/),
  refused('v1.feather', 'Feather of version 1', () => fixture('arrow/v1.feather'), 'unsupported-file', /version 1/),
  refused(
    'union.arrow',
    'a union',
    () => fixture('arrow/union.arrow'),
    'unsupported-file',
    /Column "u" has the type Union/,
  ),
  refused('run-ends.arrow', 'run ends', () => fixture('arrow/run-ends.arrow'), 'unsupported-file', /RunEndEncoded/),
  refused(
    'packed.arrow.gz',
    'packed with gzip as a whole',
    () => gzipSync('text'),
    'unsupported-file',
    /cannot be read/,
  ),
  refused(
    'no-columns.arrow',
    'no columns',
    () => tableToIPC(new Table(new Schema([])), 'file'),
    'unsupported-file',
    /no columns/,
  ),
];

const DAMAGED: OddFile[] = [
  refused('magic.arrow', 'only the first bytes', () => 'ARROW1\0\0', 'truncated-file', /no footer/),
  ...[0.3, 0.6, 0.9].map((part) =>
    refused(
      `cut-${part}.arrow`,
      `a file cut at ${part}`,
      () => good().subarray(0, good().length * part),
      'truncated-file',
      /cut off/,
    ),
  ),
  ...[0.3, 0.6, 0.9].map((part) =>
    refused(
      `cut-${part}.arrows`,
      `a stream cut at ${part}`,
      () => good('stream').subarray(0, good('stream').length * part),
      'truncated-file',
      /cut off/,
    ),
  ),
  refused(
    'twice.arrows',
    'a stream after the end of a stream',
    () => Buffer.concat([good('stream'), good('stream')]),
    'damaged-file',
    /bytes follow the end/,
  ),
  refused(
    'offsets.arrow',
    'a text that begins behind its end',
    () => {
      const bytes = good();
      const second = Buffer.alloc(8);
      second.writeInt32LE(texts[0]!.length, 0);
      second.writeInt32LE(texts[0]!.length + texts[1]!.length, 4);
      return flipped(bytes, placeOf(bytes, second) + 1, 0x40);
    },
    'damaged-file',
    /Rows 0 to 399 cannot be read/,
  ),
  refused(
    'footer.arrow',
    'a footer of zeros',
    () => {
      const bytes = good();
      const length = bytes.readInt32LE(bytes.length - 10);
      return bytes.fill(0, bytes.length - 10 - length, bytes.length - 10);
    },
    'damaged-file',
    /metadata cannot be read/,
  ),
];

export const ODD_ARROW: readonly OddFile[] = [...WHOLE, ...OTHER, ...DAMAGED];
