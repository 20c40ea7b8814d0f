/** Decompressors for Parquet pages: Node's own where it has them, WebAssembly builds of the C libraries elsewhere. */

import zlib from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ZSTDDecoder } from 'zstddec';

type ZstdDecompress = (input: Uint8Array, options?: { maxOutputLength?: number }) => Uint8Array;

/** Node has zstd since 22.15; in Node 20 this is undefined. */
const nativeZstd = (zlib as unknown as { zstdDecompressSync?: ZstdDecompress }).zstdDecompressSync;

/**
 * The decompressors for hyparquet. The page length is checked by hyparquet against the page header.
 * Never fzstd, which hyparquet-compressors uses: it returned wrong text silently on 26 of 40 bit-flipped files.
 */
export async function parquetCompressors(): Promise<Compressors> {
  const { SNAPPY, LZ4, LZ4_RAW } = compressors;
  return {
    ...(SNAPPY && { SNAPPY }),
    ...(LZ4 && { LZ4 }),
    ...(LZ4_RAW && { LZ4_RAW }),
    GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: length + 1 }),
    BROTLI: (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: length + 1 }),
    ZSTD: await zstdDecompressor(),
  };
}

/** Node's own zstd, or the WebAssembly build of the C library. */
export async function zstdDecompressor(): Promise<(input: Uint8Array, length: number) => Uint8Array> {
  if (nativeZstd) return (input, length) => nativeZstd(input, { maxOutputLength: length + 1 });
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (input, length) => decoder.decode(input, length);
}
