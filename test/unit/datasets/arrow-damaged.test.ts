import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatCell } from '../../../src/core/datasets/format-cell.ts';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { describeError } from '../../../src/core/errors.ts';
import { failureOf, readAll, suiteFolder } from './files.ts';

const folder = suiteFolder();
const fixture = (name: string) => readFile(path.resolve(import.meta.dirname, '../../fixtures/arrow', name));

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const target = path.join(folder(), name);
  await writeFile(target, content);
  return target;
}

async function texts(file: string): Promise<string> {
  return (await readAll(file)).map((row) => row.map(formatCell).join('|')).join('\n');
}

describe('a damaged Arrow file', () => {
  it.each(['types.arrow', 'types-zstd.arrows', 'types-legacy.arrows', 'dictionary-grows.arrow'])(
    'a part of %s, wherever it is cut off, is an error and never fewer rows',
    async (name) => {
      const good = await fixture(name);
      // The last eight bytes of a stream are its end, and a stream may also end without them.
      const last = name.endsWith('.arrows') ? good.length - 8 : good.length;
      for (let length = 0; length < last; length += 331) {
        const error = await failureOf(readAll(await written(`cut-${name}`, good.subarray(0, length))));
        expect(['empty-file', 'truncated-file', 'damaged-file', 'unsupported-file']).toContain(error.code);
        expect(describeError(error)).not.toMatch(/\n/);
      }
    },
  );

  it('zeros after the end of a stream are padding', async () => {
    const stream = await fixture('types-zstd.arrows');
    expect(await readAll(await written('padded.arrow', Buffer.concat([stream, Buffer.alloc(64)])))).toHaveLength(3);
  });

  it.each([
    ['types.arrow', 97],
    ['types-zstd.arrows', 131],
    ['types-legacy.arrows', 113],
    ['linked-blocks-lz4.feather', 211],
    ['dictionary-replaced.arrows', 19],
    ['dictionary-grows.arrow', 19],
  ])('%s with a wrong bit anywhere never ends in anything but an error or as many rows', async (name, step) => {
    const good = await fixture(name);
    const rows = (await readAll(await written(`intact-${name}`, good))).length;
    let failures = 0;
    for (let at = 0; at < good.length; at += step) {
      const bytes = Buffer.from(good);
      bytes[at] = bytes[at]! ^ (1 << (at % 8));
      const target = await written(`flipped-${name}`, bytes);
      try {
        expect((await readAll(target)).length).toBeLessThanOrEqual(rows);
      } catch (error) {
        expect(error).toMatchObject({ name: 'StudioError' });
        failures++;
      }
    }
    expect(failures).toBeGreaterThan(0);
  });

  it('a wrong bit in the header of an LZ4 frame is found', async () => {
    const good = await fixture('linked-blocks-lz4.feather');
    const frame = good.indexOf(Buffer.from([0x04, 0x22, 0x4d, 0x18]));
    for (const at of [frame, frame + 4, frame + 5]) {
      const bytes = Buffer.from(good);
      bytes[at] = bytes[at]! ^ 0x08;
      const error = await failureOf(texts(await written('header.feather', bytes)));
      expect(error.message).toMatch(/^Rows 0 to 999 cannot be read \(.*LZ4/);
    }
  });
});

describe('a folder that the library datasets wrote', () => {
  const place = async (name: string, files: Readonly<Record<string, string | Uint8Array>>) => {
    const target = path.join(folder(), name);
    for (const [file, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(target, file)), { recursive: true });
      await writeFile(path.join(target, file), content);
    }
    return target;
  };
  const state = (...files: string[]) =>
    JSON.stringify({ _data_files: files.map((filename) => ({ filename })), _split: null });
  const part = () => fixture('dictionary-replaced.arrows');

  it('by save_to_disk is its shards in order, and nothing else beside them', async () => {
    const saved = await place('saved', {
      'state.json': state('data-00000-of-00002.arrow', 'data-00001-of-00002.arrow'),
      'dataset_info.json': '{"features":{}}',
      'data-00000-of-00002.arrow': await part(),
      'data-00001-of-00002.arrow': await fixture('dictionary-grows.arrow'),
      'cache-0123456789abcdef.arrow': await fixture('types.arrow'),
    });
    expect((await readAll(saved)).flat()).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'b']);
  });

  it('names the shard that is missing', async () => {
    const saved = await place('hole', {
      'state.json': state('data-00000-of-00002.arrow', 'data-00001-of-00002.arrow'),
      'data-00000-of-00002.arrow': await part(),
    });
    const error = await failureOf(openDataset(saved));
    expect([error.code, error.where.file]).toEqual(['file-not-found', path.join(saved, 'data-00001-of-00002.arrow')]);
  });

  it('with several splits is refused with their names, and each can be opened', async () => {
    const split = { 'state.json': state('data-00000-of-00001.arrow'), 'data-00000-of-00001.arrow': await part() };
    const saved = await place('dict', {
      'dataset_dict.json': '{"splits": ["train", "test"]}',
      ...Object.fromEntries(
        ['train', 'test'].flatMap((name) =>
          Object.entries(split).map(([file, content]) => [`${name}/${file}`, content]),
        ),
      ),
    });
    const error = await failureOf(openDataset(saved));
    expect(describeError(error)).toContain(`2 splits: train, test. Name one of them: ${path.join(saved, 'train')}`);
    expect(await readAll(path.join(saved, 'test'))).toHaveLength(4);
    await writeFile(path.join(saved, 'dataset_dict.json'), '{"splits": ["test"]}');
    expect(await readAll(saved)).toHaveLength(4);
    await writeFile(path.join(saved, 'dataset_dict.json'), '{"splits": 1}');
    expect((await failureOf(openDataset(saved))).code).toBe('damaged-file');
  });

  it('of its cache is never read as all splits together, nor with the results of map', async () => {
    const cache = await place('cache', {
      'dataset_info.json': '{"splits": {"train": {}, "test": {}}}',
      'json-train.arrow': await part(),
      'json-test-00000-of-00001.arrow': await part(),
      'cache-0123456789abcdef.arrow': await part(),
    });
    expect((await failureOf(openDataset(cache))).message).toContain('2 splits: ');
    expect(await readAll(path.join(cache, '*-train*.arrow'))).toHaveLength(4);
    const one = await place('cache-one', {
      'dataset_info.json': '{"splits": {"train": {}}}',
      'json-train.arrow': await part(),
      'cache-0123456789abcdef.arrow': await part(),
    });
    expect(await readAll(one)).toHaveLength(4);
  });

  it('with a selection kept apart is refused', async () => {
    const saved = await place('indices', {
      'state.json':
        '{"_data_files": [{"filename": "dataset.arrow"}], "_indices_data_files": [{"filename": "i.arrow"}]}',
      'dataset.arrow': await part(),
    });
    expect((await failureOf(openDataset(saved))).message).toContain('selection');
  });
});
