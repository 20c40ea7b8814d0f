import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAll, suiteFolder, writeParquet } from './files.ts';

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

describe('a damaged Parquet file', () => {
  it('whose footer has a wrong byte, whichever it is, never ends in anything but an error or the same rows', async () => {
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
});
