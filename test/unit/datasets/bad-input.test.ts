import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { describeError } from '../../../src/core/errors.ts';
import { failureOf, readAll, suiteFolder, writeParquet } from './files.ts';

const folder = suiteFolder();
const file = (name: string) => path.join(folder(), name);

async function written(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(file(name), content);
  return file(name);
}

async function goodParquet(): Promise<Buffer> {
  const data = Array.from({ length: 500 }, (_, n) => `some text ${n * 7919}`);
  return readFile(await writeParquet(file('good.parquet'), [{ name: 'text', data }], { codec: 'UNCOMPRESSED' }));
}

describe('a bad file gets one clear error', () => {
  it.each([
    ['a missing file', 'no-such.parquet', undefined, 'file-not-found', /does not exist/],
    ['an empty Parquet file', 'empty.parquet', '', 'empty-file', /0 bytes/],
    ['an empty JSONL file', 'empty.jsonl', '', 'empty-file', /0 bytes/],
    ['CSV under a Parquet name', 'csv.parquet', 'a,b\n1,2\n3,4\n', 'not-parquet', /plain text/],
    ['JSONL under a Parquet name', 'json.parquet', '{"a":1}\n', 'not-parquet', /JSON/],
    ['a web page under a Parquet name', 'page.parquet', '<!DOCTYPE html>', 'not-parquet', /HTML/],
    ['a Git LFS pointer', 'lfs.parquet', 'version https://git-lfs.github.com/spec/v1\n', 'not-parquet', /git lfs pull/],
    ['gzip under a Parquet name', 'gz.parquet', gzipSync('text'), 'not-parquet', /gzip/],
    ['an encrypted footer', 'pare.parquet', 'PAREabcdefghPARE', 'encrypted-file', /encrypted/],
    ['an ending that nobody knows', 'notes.docx', 'x', 'unsupported-file', /\.docx/],
    ['broken JSON', 'broken.json', '[{"a":1},', 'damaged-file', /not valid JSON/],
    ['JSON without rows', 'object.json', '{"a":1}', 'unsupported-file', /not a list of rows/],
    ['JSON with a row that is no object', 'items.json', '[{"a":1},2]', 'invalid-row', /not an object/],
    ['CSV with a short row', 'short.csv', 'a,b\n1\n', 'damaged-file', /CSV/],
    ['cut gzip', 'cut.jsonl.gz', gzipSync('{"a":1}\n'.repeat(1000)).subarray(0, 30), 'truncated-file', /cut off/],
    ['text that is not gzip', 'fake.jsonl.gz', '{"a":1}\n', 'damaged-file', /gzip/],
  ])('%s', async (_, name, content, code, message) => {
    const target = content === undefined ? file(name) : await written(name, content);
    const error = await failureOf(openDataset(target));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(describeError(error)).not.toMatch(/\n|at .*:\d+/);
    expect(error.where.file).toBe(target);
    expect(error.hint).toBeTruthy();
  });

  it('a Parquet file that is cut off', async () => {
    const good = await goodParquet();
    const error = await failureOf(openDataset(await written('cut.parquet', good.subarray(0, good.length - 100))));
    expect(error.code).toBe('truncated-file');
  });

  it('a Parquet file of which only the first bytes came', async () => {
    expect((await failureOf(openDataset(await written('short.parquet', 'PAR1')))).code).toBe('truncated-file');
  });

  it('a damaged footer, whichever of its bytes is wrong, never ends in anything but an error or the same rows', async () => {
    const good = await goodParquet();
    const footer = good.readUInt32LE(good.length - 8);
    const rows = await readAll(await written('intact.parquet', good));
    let failures = 0;
    for (let at = good.length - 8 - footer; at < good.length - 4; at += 3) {
      const bytes = Buffer.from(good);
      bytes[at] = bytes[at]! ^ 0x55;
      const target = await written('flipped.parquet', bytes);
      try {
        expect((await readAll(target)).length).toBeLessThanOrEqual(rows.length);
      } catch (error) {
        expect(error).toMatchObject({ name: 'StudioError' });
        failures++;
      }
    }
    expect(failures).toBeGreaterThan(0);
  });

  it('a footer that is longer than the file', async () => {
    const good = await goodParquet();
    good.writeUInt32LE(0x7fffffff, good.length - 8);
    expect((await failureOf(openDataset(await written('long-footer.parquet', good)))).code).toBe('damaged-file');
  });

  it('pages that cannot be decoded, with the rows they hold', async () => {
    const good = await goodParquet();
    good.fill(0xff, 4, 40);
    const target = await written('pages.parquet', good);
    const error = await failureOf(readAll(target));
    expect(error.code).toBe('damaged-file');
    expect(error.message).toContain('Rows 0 to 499');
    expect(error.where.file).toBe(target);
  });

  it('tells JSONL under the name .json by its look', async () => {
    const error = await failureOf(openDataset(await written('lines.json', '{"a":1}\n{"a":2}\n')));
    expect(error.hint).toContain('.jsonl');
  });
});
