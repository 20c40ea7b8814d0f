/**
 * Zstd for Parquet pages and Arrow buffers: Node's own where it has it, the WebAssembly build of the C library elsewhere.
 * Never fzstd, which returned wrong text silently on 26 of 40 bit-flipped files.
 */

import zlib from 'node:zlib';

type ZstdDecompress = (input: Uint8Array, options?: { maxOutputLength?: number }) => Uint8Array;

/** Node has zstd since 22.15; in Node 20 this is undefined. */
const nativeZstd = (zlib as unknown as { zstdDecompressSync?: ZstdDecompress }).zstdDecompressSync;

/** Node's own zstd, or the WebAssembly build of the C library. */
export async function zstdDecompressor(): Promise<(input: Uint8Array, length: number) => Uint8Array> {
  if (nativeZstd) return (input, length) => nativeZstd(input, { maxOutputLength: length + 1 });
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (input, length) => decoder.decode(input, length);
}
