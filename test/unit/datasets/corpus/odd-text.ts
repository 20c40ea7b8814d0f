/** JSON Lines, JSON and CSV: odd, malformed, cut, hostile. */

import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { ErrorCode } from '../../../../src/core/errors.ts';
import { type OddFile, parquet } from './odd-file.ts';

const refused = (name: string, what: string, make: OddFile['make'], code: ErrorCode, says: RegExp): OddFile => ({
  name,
  what,
  make,
  expected: { code, says },
});

const HOSTILE =
  '<script>alert(1)</script><img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \u202eright to left\u202c';
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const LINES: OddFile[] = [
  {
    name: 'malformed.jsonl',
    what: 'lines that are cut, no object or not UTF-8, among good ones',
    make: () =>
      Buffer.concat([
        Buffer.from('{"a":1}\n{"a":\n\n[1,2]\nnull\n"text"\n'),
        Buffer.from('7b22ff223a317d0a', 'hex'),
        Buffer.from('{"a":2}\n{"a":3} {"a":4}\n{"a":5'),
      ]),
    expected: { rows: 2, cells: [['1'], ['2']], malformed: [2, 4, 5, 6, 7, 9, 10] },
  },
  {
    name: 'windows.jsonl',
    what: 'a byte order mark, CRLF and blank lines',
    make: () => '\ufeff{"a":"x\\r\\n"}\r\n\r\n   \r\n{"a":"y"}',
    expected: { rows: 2, columns: ['a'], cells: [['x\r\n'], ['y']], malformed: [] },
  },
  {
    name: 'odd-text.jsonl',
    what: 'halves of characters, NUL, escapes, hostile text',
    make: () => `${JSON.stringify({ a: HOSTILE })}\n{"a":"\\ud83d"}\n{"a":"nul \\u0000 in it"}\n{"a":"\\ufeffmark"}\n`,
    expected: { rows: 4, cells: [[HOSTILE], ['\ud83d'], ['nul \0 in it'], ['\ufeffmark']] },
  },
  {
    name: 'odd-names.jsonl',
    what: 'fields named like parts of the language, empty, twice in one row',
    make: () => '{"__proto__":"p","":"empty","constructor":"c","a":1,"a":2}\n{"toString":"t"}\n',
    expected: {
      rows: 2,
      columns: ['__proto__', '', 'constructor', 'a', 'toString'],
      cells: [
        ['p', 'empty', 'c', '2', 'null'],
        ['null', 'null', 'null', 'null', 't'],
      ],
    },
  },
  {
    name: 'numbers.jsonl',
    what: 'numbers that no double holds, -0, exponents',
    make: () =>
      '{"n":9007199254740993}\n{"n":-12345678901234567890}\n{"n":[18446744073709551615,{"x":9007199254740992}]}\n{"n":-0}\n{"n":1e3}\n{"n":"9007199254740993"}\n{"n":0.1}\n',
    expected: {
      rows: 7,
      cells: [
        ['9007199254740993'],
        ['-12345678901234567890'],
        ['[18446744073709551615, {"x": 9007199254740992}]'],
        ['-0'],
        ['1000'],
        ['9007199254740993'],
        ['0.1'],
      ],
    },
  },
  {
    name: 'deep.jsonl',
    what: 'lists in lists, 20,000 deep, beside a good row',
    make: () => `{"a":1}\n{"a":${deep(20_000)}}\n{"a":2}\n`,
    expected: { rows: 2, cells: [['1'], ['2']], malformed: [2] },
  },
  {
    name: 'nested.jsonl',
    what: 'lists in lists, 100 deep',
    make: () => `{"a":${deep(100)}}\n`,
    expected: { rows: 1, cells: [[deep(100)]] },
  },
  {
    name: 'many-columns.jsonl',
    what: '10,000 fields',
    make: () => `${JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`c${n}`, n])))}\n`,
    expected: { rows: 1, at: [[0, 9_999, '9999']] },
  },
  {
    name: 'huge-cell.jsonl',
    what: 'a cell of 50 MB',
    make: () => `{"a":"small"}\n{"a":"${'x'.repeat(50_000_000)}"}\n`,
    expected: {
      rows: 2,
      at: [
        [0, 0, 'small'],
        [1, 0, (cell) => cell.length === 50_000_000],
      ],
    },
  },
  {
    name: 'empty-objects.jsonl',
    what: 'objects without fields',
    make: () => '{}\n{}\n',
    expected: { rows: 2, columns: [], cells: [[], []] },
  },
  {
    name: 'packed.jsonl.gz',
    what: 'two gzip streams, one after the other',
    make: () => Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')]),
    expected: { rows: 2, cells: [['1'], ['2']] },
  },
  refused('empty.jsonl', 'zero bytes', () => '', 'empty-file', /0 bytes/),
  refused('blank.jsonl', 'nothing but blank lines', () => '\n\n  \n', 'no-rows', /nothing but blank lines/),
  refused('prose.jsonl', 'prose', () => 'Dear all,\nthis is no data.\n', 'damaged-file', /None of its 2 lines.*line 1/),
  refused(
    'pretty.jsonl',
    'JSON over many lines',
    () => JSON.stringify([{ a: 1 }, { a: 2 }], null, 2),
    'damaged-file',
    /None of its \d+ lines.*\.json/,
  ),
  refused(
    'utf16.jsonl',
    'UTF-16',
    () => Buffer.from('\ufeff{"a":"text"}\n', 'utf16le'),
    'unsupported-file',
    /UTF-16.*UTF-8/,
  ),
  refused('gzip.jsonl', 'gzip without its ending', () => gzipSync('{"a":1}\n'), 'unsupported-file', /gzip.*\.gz/),
  refused('image.jsonl', 'a PNG image', () => Buffer.from('89504e470d0a1a0a0000', 'hex'), 'unsupported-file', /PNG/),
  refused('parquet.jsonl', 'Parquet', () => parquet([{ name: 'a', data: [1] }]), 'unsupported-file', /Parquet/),
  refused('page.jsonl', 'a web page', () => '<!DOCTYPE html>\n<html></html>', 'unsupported-file', /HTML/),
  refused(
    'lfs.jsonl',
    'a Git LFS pointer',
    () => 'version https://git-lfs.github.com/spec/v1\n',
    'unsupported-file',
    /lfs pull/,
  ),
  refused('zeros.jsonl', 'zeros', () => Buffer.alloc(10_000), 'unsupported-file', /nothing but zeros/),
  refused(
    'cut.jsonl.gz',
    'gzip cut off',
    () => gzipSync('{"a":1}\n'.repeat(1000)).subarray(0, 30),
    'truncated-file',
    /cut off/,
  ),
  refused('fake.jsonl.gz', 'text that is not gzip', () => '{"a":1}\n', 'damaged-file', /gzip/),
  refused(
    'bit.jsonl.gz',
    'gzip with a bit turned',
    () => {
      const bytes = gzipSync(Array.from({ length: 500 }, (_, n) => `{"a":${n * 7919}}\n`).join(''));
      bytes[bytes.length >> 1]! ^= 4;
      return bytes;
    },
    'damaged-file',
    /gzip data is damaged/,
  ),
  refused(
    'bomb.jsonl.gz',
    'gzip that unpacks to 600 MB',
    () => gzipSync(Buffer.alloc(600 * 2 ** 20, '{"a":1}\n')),
    'unsupported-file',
    /unpacks to more than 512 MB.*gunzip/,
  ),
];

const JSON_FILES: OddFile[] = [
  {
    name: 'numbers.json',
    what: 'numbers that no double holds',
    make: () => '[{"n":9007199254740993,"t":"9007199254740993"}]',
    expected: { rows: 1, cells: [['9007199254740993', '9007199254740993']] },
  },
  refused(
    'lines-in.json',
    'a fault in the third line',
    () => '[\n{"a": 1},\n{"a": oops}\n]',
    'damaged-file',
    /line 3: This is not valid JSON/,
  ),
  refused('broken.json', 'JSON cut off', () => '[{"a":1},', 'damaged-file', /not valid JSON/),
  refused('object.json', 'an object without rows', () => '{"a":1}', 'unsupported-file', /not a list of rows/),
  refused('items.json', 'a row that is no object', () => '[{"a":1},2]', 'invalid-row', /not an object/),
  refused('lines.json', 'JSON Lines', () => '{"a":1}\n{"a":2}\n', 'damaged-file', /\.jsonl/),
  refused(
    'deep.json',
    'lists in lists, 20,000 deep',
    () => `[{"a":${deep(20_000)}}]`,
    'damaged-file',
    /nested too deeply/,
  ),
  refused('gzip.json', 'gzip without its ending', () => gzipSync('[]'), 'unsupported-file', /gzip/),
  refused('blank.json', 'blanks', () => ' \n', 'damaged-file', /not valid JSON/),
];

const CSV: OddFile[] = [
  {
    name: 'quoted.csv',
    what: 'a byte order mark, CRLF, quotes, commas and line breaks in cells, blank lines',
    make: () => '\ufeffprompt,chosen,chosen,\r\n"a, ""b""\r\nc",x,,z\r\n\r\nNULL,null,"",0x00\r\n',
    expected: {
      rows: 2,
      columns: ['prompt', 'chosen', 'chosen', ''],
      cells: [
        ['a, "b"\r\nc', 'x', '', 'z'],
        ['NULL', 'null', '', '0x00'],
      ],
    },
  },
  {
    name: 'exact.csv',
    what: 'texts that look like numbers, dates and formulas',
    make: () => 'a,b\n007,1e400\n9007199254740993,=1+1\n',
    expected: {
      rows: 2,
      cells: [
        ['007', '1e400'],
        ['9007199254740993', '=1+1'],
      ],
    },
  },
  {
    name: 'header.csv',
    what: 'a header without rows',
    make: () => 'prompt,chosen\n',
    expected: { rows: 0, columns: ['prompt', 'chosen'] },
  },
  {
    name: 'hostile.csv',
    what: 'hostile names and cells, NUL',
    make: () => `__proto__,<b>\n"${HOSTILE}",a\0b\n`,
    expected: { rows: 1, columns: ['__proto__', '<b>'], cells: [[HOSTILE, 'a\0b']] },
  },
  refused('short.csv', 'a row with too few cells', () => 'a,b\n1\n', 'damaged-file', /CSV.*line 2.*as many cells/),
  refused(
    'long.csv',
    'a row with too many cells',
    () => 'a,b\n1,2\n1,2,3\n',
    'damaged-file',
    /CSV.*line 3.*as many cells/,
  ),
  refused('unclosed.csv', 'a quote that is never closed', () => 'a,b\n1,"2\n3,4\n', 'damaged-file', /CSV.*Quote/),
  refused('stray.csv', 'a quote inside a cell', () => 'a,b\n1,2"3\n', 'damaged-file', /CSV.*line 2/),
  refused(
    'latin1.csv',
    'text that is not UTF-8',
    () => Buffer.from('a\nd\xe9j\xe0\n', 'latin1'),
    'damaged-file',
    /not valid UTF-8.*Save it as UTF-8/,
  ),
  refused('utf16.csv', 'UTF-16', () => Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'unsupported-file', /UTF-16/),
  refused('arrow.csv', 'Arrow', () => tableToIPC(tableFromArrays({ a: [1] }), 'file'), 'unsupported-file', /Arrow/),
  refused('zip.csv', 'a zip archive', () => 'PK\x03\x04rest', 'unsupported-file', /zip/),
  refused('empty.csv', 'zero bytes', () => '', 'empty-file', /0 bytes/),
  refused('blank.csv', 'nothing but blank lines', () => '\n\n', 'no-rows', /nothing but blank lines/),
  refused('notes.docx', 'an ending that nobody knows', () => 'x', 'unsupported-file', /\.docx.*Readable are/),
];

export const ODD_TEXT: readonly OddFile[] = [...LINES, ...JSON_FILES, ...CSV];
