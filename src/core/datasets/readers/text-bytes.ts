/** The bytes of a text file, plain or gzip-compressed, by range. */

import { readSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { StudioError, toStudioError } from '../../errors.ts';
import { knownNoData } from './signatures.ts';

export interface TextBytes {
  /** Of the text, after decompression. */
  readonly byteLength: number;
  /** Of the file on disk. */
  readonly fileBytes: number;
  read(start: number, length: number): Promise<Buffer>;
  /** Reads at once, into a buffer that is used again; returns as much of it as was filled. */
  readInto(buffer: Buffer, start: number): Buffer;
  close(): Promise<void>;
}

/** Text of a compressed file is held in memory, as it has no way to start in the middle. */
const UNCOMPRESSED_LIMIT = 512 * 2 ** 20;
/** What a file is shows in its first bytes. */
const HEAD_BYTES = 64;

/** @throws StudioError 'empty-file', 'damaged-file' (bad gzip), 'unsupported-file' (too large) or the system's reason */
export async function openTextBytes(file: string): Promise<TextBytes> {
  try {
    return file.toLowerCase().endsWith('.gz') ? await openGzip(file) : await openPlain(file);
  } catch (error) {
    throw toStudioError(error) ?? error;
  }
}

async function openPlain(file: string): Promise<TextBytes> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    refuseEmpty(file, size);
    refuseOther(file, await readFrom(handle, 0, Math.min(HEAD_BYTES, size)));
    return {
      byteLength: size,
      fileBytes: size,
      read: (start, length) => readFrom(handle, start, Math.min(length, size - start)),
      readInto: (buffer, start) => fillFrom(handle, start, buffer.subarray(0, Math.max(0, size - start))),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openGzip(file: string): Promise<TextBytes> {
  const packed = await readFile(file);
  refuseEmpty(file, packed.byteLength);
  const text = await unpack(file, packed);
  refuseEmpty(file, text.byteLength);
  refuseOther(file, text.subarray(0, HEAD_BYTES));
  return {
    byteLength: text.byteLength,
    fileBytes: packed.byteLength,
    read: async (start, length) => text.subarray(start, start + length),
    readInto: (buffer, start) => buffer.subarray(0, text.copy(buffer, 0, start)),
    close: async () => {},
  };
}

async function unpack(file: string, packed: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: UNCOMPRESSED_LIMIT });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new StudioError('unsupported-file', `It unpacks to more than ${UNCOMPRESSED_LIMIT / 2 ** 20} MB.`, {
        where: { file },
        hint: 'Unpack it with gunzip, then open the plain file.',
      });
    }
    const cut = code === 'Z_BUF_ERROR';
    throw new StudioError(
      cut ? 'truncated-file' : 'damaged-file',
      cut ? 'The gzip data is cut off.' : 'The gzip data is damaged.',
      {
        where: { file },
        hint: 'Copy or download it again.',
        cause: error,
      },
    );
  }
}

function refuseEmpty(file: string, size: number): void {
  if (size > 0) return;
  throw new StudioError('empty-file', 'The file is empty (0 bytes).', {
    where: { file },
    hint: 'Write or download it again.',
  });
}

/** Read as lines, another kind of file would be a long list of malformed ones. */
function refuseOther(file: string, head: Buffer): void {
  const where = { file };
  if (isUtf16(head)) {
    throw new StudioError('unsupported-file', 'The text is UTF-16.', { where, hint: 'Save it as UTF-8.' });
  }
  const looks = knownNoData(head);
  if (looks === undefined) return;
  throw new StudioError('unsupported-file', `This is not what its name says: ${looks}.`, {
    where,
    hint: 'Give the file the ending of what it is (.gz for gzip), or fetch it again.',
  });
}

/** By its byte order mark, or by a zero before or after each of the first characters. */
function isUtf16(head: Buffer): boolean {
  return /^(?:\xff\xfe|\xfe\xff|(?:\0[^\0]){4}|(?:[^\0]\0){4})/.test(head.toString('latin1'));
}

async function readFrom(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < buffer.byteLength) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, start + filled);
    if (bytesRead === 0) return buffer.subarray(0, filled);
    filled += bytesRead;
  }
  return buffer;
}

function fillFrom({ fd }: FileHandle, start: number, buffer: Buffer): Buffer {
  let filled = 0;
  while (filled < buffer.byteLength) {
    const bytesRead = readSync(fd, buffer, filled, buffer.byteLength - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The whole text, for kinds that cannot be read in parts. */
export async function readWholeText(
  file: string,
  limit: number,
  advice: string,
): Promise<{ text: string; bytes: number }> {
  const source = await openTextBytes(file);
  try {
    if (source.byteLength > limit) {
      const size = Math.round(source.byteLength / 2 ** 20);
      throw new StudioError('unsupported-file', `It holds ${size} MB of text; the limit is ${limit / 2 ** 20} MB.`, {
        where: { file },
        hint: advice,
      });
    }
    const bytes = await source.read(0, source.byteLength);
    return { text: decodeUtf8(file, bytes), bytes: source.fileBytes };
  } finally {
    await source.close();
  }
}

function decodeUtf8(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new StudioError('damaged-file', 'The text is not valid UTF-8.', {
      where: { file },
      hint: 'Save it as UTF-8.',
      cause: error,
    });
  }
}
