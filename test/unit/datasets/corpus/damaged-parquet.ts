/** Parquet files that are cut, changed, encrypted or something else altogether. */

import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { PageHeader } from 'hyparquet/src/types.js';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import {
  copied,
  fixture,
  flipped,
  type OddFile,
  parquet,
  placeOf,
  withChunk,
  withFooter,
  withPages,
} from './odd-file.ts';

const texts = Array.from({ length: 500 }, (_, n) => `some text ${n * 7919}`);
/** Texts that stand in the file as they are, one page after the other. */
const good = () =>
  parquet([{ name: 'text', data: texts, encoding: 'PLAIN' }], { codec: 'UNCOMPRESSED', pageSize: 2_000 });
const packed = (codec: string) =>
  copied(`SELECT 'some text ' || i * 7919 AS t FROM range(2000) r(i)`, `CODEC '${codec}'`);

const CUT = /cut off.*Copy or download it again/;
const DAMAGED = /Rows \d+ to \d+ cannot be read\. .*Copy or download/;
const FOOTER = /footer cannot be read/;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

const refused = (
  name: string,
  what: string,
  make: OddFile['make'],
  code: 'not-parquet' | 'truncated-file' | 'encrypted-file' | 'damaged-file' | 'empty-file' | 'unsupported-file',
  says: RegExp,
): OddFile => ({ name, what, make, expected: { code, says } });

const NOT_PARQUET: OddFile[] = [
  refused('empty.parquet', 'zero bytes', () => '', 'empty-file', /0 bytes.*Write or download/),
  refused('csv.parquet', 'CSV', () => 'a,b\n1,2\n3,4\n', 'not-parquet', /plain text/),
  refused('json.parquet', 'JSONL', () => '{"a":1}\n', 'not-parquet', /JSON/),
  refused('page.parquet', 'a web page', () => '<!DOCTYPE html>', 'not-parquet', /HTML.*failed download/),
  refused(
    'lfs.parquet',
    'a Git LFS pointer',
    () => 'version https://git-lfs.github.com/spec/v1\n',
    'not-parquet',
    /git lfs pull/,
  ),
  refused('gzip.parquet', 'gzip', () => gzipSync('text'), 'not-parquet', /gzip/),
  refused('image.parquet', 'a PNG image', () => PNG, 'not-parquet', /PNG image/),
  refused('zip.parquet', 'a zip archive', () => 'PK\x03\x04rest of it', 'not-parquet', /zip/),
  refused('arrow.parquet', 'Arrow', () => tableToIPC(tableFromArrays({ a: [1] }), 'file'), 'not-parquet', /Arrow/),
  refused('sqlite.parquet', 'a database', () => 'SQLite format 3\0more', 'not-parquet', /SQLite/),
  refused(
    'zeros.parquet',
    'zeros, as a download leaves that was given up',
    () => Buffer.alloc(100_000),
    'not-parquet',
    /nothing but zeros/,
  ),
  refused(
    'noise.parquet',
    'bytes of no known kind',
    () => Buffer.from('8f3a99c1d2e4', 'hex'),
    'not-parquet',
    /8f3a99c1/,
  ),
];

const CUT_OFF: OddFile[] = [
  refused('magic.parquet', 'only the first bytes', () => 'PAR1', 'truncated-file', CUT),
  refused('two-magics.parquet', 'the first bytes twice', () => 'PAR1PAR1', 'truncated-file', CUT),
  ...[1, 2, 4, 8, 100].map((bytes) =>
    refused(
      `cut-${bytes}.parquet`,
      `without its last ${bytes} bytes`,
      () => good().subarray(0, -bytes),
      'truncated-file',
      CUT,
    ),
  ),
  ...[0.25, 0.5, 0.75].map((part) =>
    refused(
      `cut-at-${part}.parquet`,
      `cut at ${part}`,
      () => good().subarray(0, good().length * part),
      'truncated-file',
      CUT,
    ),
  ),
  refused(
    'no-head.parquet',
    'without its first 4 bytes',
    () => good().subarray(4),
    'not-parquet',
    /not a Parquet file/,
  ),
  refused(
    'no-middle.parquet',
    'with 1,000 bytes missing in the middle',
    () => {
      const bytes = good();
      return Buffer.concat([bytes.subarray(0, 3_000), bytes.subarray(4_000)]);
    },
    'damaged-file',
    /cannot be read/,
  ),
];

const ENCRYPTED: OddFile[] = [
  refused(
    'pare.parquet',
    'the mark of an encrypted footer',
    () => 'PAREabcdefghPARE',
    'encrypted-file',
    /encrypted.*without encryption/,
  ),
  refused(
    'pare-end.parquet',
    'the mark at the end only',
    () => Buffer.concat([good().subarray(0, -1), Buffer.from('E')]),
    'encrypted-file',
    /encrypted/,
  ),
  refused(
    'encrypted-column.parquet',
    'an encrypted column under a plain footer',
    () =>
      withFooter(good(), (metadata) => ({
        ...metadata,
        row_groups: metadata.row_groups.map((group) => ({
          ...group,
          columns: group.columns.map((chunk) => ({ ...chunk, encrypted_column_metadata: new Uint8Array([1, 2, 3]) })),
        })),
      })),
    'encrypted-file',
    /Columns .*encrypted/,
  ),
];

const FOOTERS: OddFile[] = [
  refused(
    'long-footer.parquet',
    'a footer longer than the file',
    () => {
      const bytes = good();
      bytes.writeUInt32LE(0x7fffffff, bytes.length - 8);
      return bytes;
    },
    'damaged-file',
    FOOTER,
  ),
  refused(
    'empty-footer.parquet',
    'a footer of no bytes',
    () => Buffer.from('PAR1\0\0\0\0PAR1', 'latin1'),
    'damaged-file',
    FOOTER,
  ),
  refused(
    'zero-footer.parquet',
    'a footer of zeros',
    () => {
      const bytes = good();
      return bytes.fill(0, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8), bytes.length - 8);
    },
    'damaged-file',
    FOOTER,
  ),
  refused(
    'rows.parquet',
    'more rows in the footer than in its row groups',
    () => withFooter(good(), (metadata) => ({ ...metadata, num_rows: 501n })),
    'damaged-file',
    /501 rows.*500/,
  ),
  refused(
    'group-rows.parquet',
    'more rows in a row group than its column holds',
    () =>
      withFooter(good(), (metadata) => ({
        ...metadata,
        num_rows: 600n,
        row_groups: [{ ...metadata.row_groups[0]!, num_rows: 600n }],
      })),
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'negative-rows.parquet',
    'fewer than no rows',
    () =>
      withFooter(good(), (metadata) => ({
        ...metadata,
        num_rows: -5n,
        row_groups: [{ ...metadata.row_groups[0]!, num_rows: -5n }],
      })),
    'damaged-file',
    FOOTER,
  ),
  refused(
    'most-rows.parquet',
    'more rows than a number counts',
    () =>
      withFooter(good(), (metadata) => ({
        ...metadata,
        num_rows: 2n ** 62n,
        row_groups: [{ ...metadata.row_groups[0]!, num_rows: 2n ** 62n }],
      })),
    'damaged-file',
    FOOTER,
  ),
  refused(
    'children.parquet',
    'a schema that promises more fields than follow',
    () => flipped(good(), placeOf(good(), 'root\x15') + 5, 8),
    'damaged-file',
    FOOTER,
  ),
  refused(
    'missing-chunk.parquet',
    'a row group without the chunk of a column',
    () =>
      withFooter(good(), (metadata) => ({
        ...metadata,
        row_groups: metadata.row_groups.map((group) => ({ ...group, columns: [] })),
      })),
    'damaged-file',
    FOOTER,
  ),
  refused(
    'lzo.parquet',
    'a codec that nobody writes any more',
    () => withChunk(good(), () => ({ codec: 'LZO' })),
    'unsupported-file',
    /LZO/,
  ),
  refused(
    'offset-end.parquet',
    'a column behind the end of the file',
    () => withChunk(good(), () => ({ data_page_offset: 10n ** 9n })),
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'offset-negative.parquet',
    'a column before the beginning of the file',
    () => withChunk(good(), () => ({ data_page_offset: -100n })),
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'chunk-long.parquet',
    'a column longer than the file',
    () => withChunk(good(), () => ({ total_compressed_size: 2n ** 40n })),
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'wrong-type.parquet',
    'a column of texts that the footer calls numbers',
    () =>
      withFooter(good(), (metadata) => ({
        ...metadata,
        schema: metadata.schema.map(({ converted_type: _, logical_type: __, ...element }, index) =>
          index === 1 ? { ...element, type: 'INT64' as const } : element,
        ),
        row_groups: metadata.row_groups.map((group) => ({
          ...group,
          columns: group.columns.map((chunk) => ({
            ...chunk,
            meta_data: { ...chunk.meta_data!, type: 'INT64' as const },
          })),
        })),
      })),
    'damaged-file',
    DAMAGED,
  ),
];

/** From here on, as the text of row 250 stands in one of the pages in the middle. */
const inMiddle = (bytes: Buffer) => placeOf(bytes, texts[250]!);

/** One number in a page whose header says something else. */
function pageSaying(change: Partial<PageHeader>, values = 1): Buffer {
  const body = Buffer.from([2, 0, 0, 0, 2, 1, 7, 0, 0, 0]);
  const writer = new ByteWriter();
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: body.length,
    compressed_page_size: body.length,
    data_page_header: {
      num_values: values,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
    ...change,
  });
  const pages = Buffer.concat([writer.getBytes(), body]);
  const element = { name: 'n', type: 'INT32', repetition_type: 'OPTIONAL' } as const;
  return withPages(element, pages, values);
}

const PAGES: OddFile[] = [
  refused(
    'pages.parquet',
    'pages overwritten',
    () => good().fill(0xff, 4, 40),
    'damaged-file',
    /Rows 0 to 499 cannot be read/,
  ),
  refused(
    'text-length.parquet',
    'a text that is longer than its page',
    () => flipped(good(), inMiddle(good()) - 1, 0x40),
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'shorter-text.parquet',
    'a text one byte shorter than it is',
    () => {
      const bytes = good();
      bytes[inMiddle(bytes) - 4]! -= 1;
      return bytes;
    },
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'checksum.parquet',
    'a bit turned in a page with a checksum',
    async () => {
      const bytes = await fixture('parquet/checksums.parquet');
      return flipped(bytes, placeOf(bytes, 'text 14'));
    },
    'damaged-file',
    /checksum/,
  ),
  ...['gzip', 'zstd', 'brotli', 'snappy', 'lz4_raw'].map((codec) =>
    refused(
      `head-${codec}.parquet`,
      `the beginning of a page packed with ${codec} overwritten`,
      async () => {
        const bytes = Buffer.from(await packed(codec));
        return bytes.fill(0xee, 40, 80);
      },
      'damaged-file',
      DAMAGED,
    ),
  ),
  refused(
    'gzip-bit.parquet',
    'a bit turned in the middle of a page packed with gzip',
    async () => {
      const bytes = Buffer.from(await packed('gzip'));
      return flipped(bytes, bytes.length >> 1, 4);
    },
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'no-dictionary.parquet',
    'places in a dictionary that is not there',
    async () =>
      withChunk(await copied(`SELECT 'text ' || i % 7 AS t FROM range(3000) r(i)`), (chunk) => ({
        dictionary_page_offset: undefined as never,
        total_compressed_size: chunk.total_compressed_size - (chunk.data_page_offset - chunk.dictionary_page_offset!),
      })),
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'promise.parquet',
    'a page that promises 2 GB',
    () => pageSaying({ uncompressed_page_size: 2 ** 31 - 1 }),
    'damaged-file',
    DAMAGED,
  ),
  refused(
    'many-values.parquet',
    'a page that promises two billion values',
    () => pageSaying({}, 2 ** 31 - 1),
    'damaged-file',
    DAMAGED,
  ),
];

export const DAMAGED_PARQUET: readonly OddFile[] = [...NOT_PARQUET, ...CUT_OFF, ...ENCRYPTED, ...FOOTERS, ...PAGES];
