/** Decompressors for Parquet pages: Node's own where it has them, WebAssembly builds of the C libraries elsewhere. */

import zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { StudioError } from '../../../errors.ts';
import { zstdDecompressor } from '../zstd.ts';
import { decompressHadoopLz4, decompressLz4 } from './lz4.ts';
import type { Decompress } from './page-prefix.ts';

/** The codecs of one file. WebAssembly is only loaded for a file that needs it. */
export class Codecs {
  readonly #file: string;
  #zstd: Decompress | undefined;
  #snappy: Decompress | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Must have been awaited before `decompress` of the same codec. */
  async prepare(codec: CompressionCodec): Promise<void> {
    if (codec === 'ZSTD') this.#zstd ??= await zstdDecompressor();
    if (codec === 'SNAPPY') this.#snappy ??= (await import('hyparquet-compressors')).compressors.SNAPPY!;
  }

  /**
   * What decompresses a whole page; whoever calls it checks the length of what comes out.
   * @throws StudioError 'unsupported-file'
   */
  decompress(codec: CompressionCodec): Decompress {
    switch (codec) {
      case 'UNCOMPRESSED':
        return (input) => input;
      case 'SNAPPY':
        return this.#snappy ?? unprepared('snappy');
      case 'GZIP':
        return (input, length) => zlib.gunzipSync(input, { maxOutputLength: length + 1 });
      case 'BROTLI':
        return (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: length + 1 });
      case 'LZ4':
        return decompressHadoopLz4;
      case 'LZ4_RAW':
        return decompressLz4;
      case 'ZSTD':
        return this.#zstd ?? unprepared('zstd');
      default:
        throw new StudioError('unsupported-file', `Its pages are compressed with ${codec ?? 'an unknown codec'}.`, {
          where: { file: this.#file },
          hint: 'Write the file again with zstd or snappy.',
        });
    }
  }
}

function unprepared(codec: string): never {
  throw new Error(`${codec} was not prepared`);
}
