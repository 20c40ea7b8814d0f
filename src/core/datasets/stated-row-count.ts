/** How many rows a file says it has, where that is cheap to read: nothing but a small footer is. */

import { open } from 'node:fs/promises';
import { kindOf } from './shards.ts';

/** Footers of files with very many row groups take long to parse. */
const LARGEST_FOOTER = 256 * 1024;
/** Length of the footer and the magic bytes, which end a Parquet file. */
const TRAILER_BYTES = 8;

/** Undefined where it would take more than that, or the file is damaged. */
export async function statedRowCount(file: string): Promise<number | undefined> {
  if (kindOf(file) !== 'parquet') return undefined;
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    const read = async (length: number): Promise<Buffer> => {
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return buffer;
    };
    if (size < 2 * TRAILER_BYTES) return undefined;
    const footer = (await read(TRAILER_BYTES)).readUInt32LE(0) + TRAILER_BYTES;
    if (footer > LARGEST_FOOTER || footer > size) return undefined;
    const bytes = await read(footer);
    const { parquetMetadata } = await import('hyparquet');
    const { num_rows } = parquetMetadata(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    return Number(num_rows);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
