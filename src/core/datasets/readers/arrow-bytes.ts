/** The bytes of an Arrow file: which of the two formats it has, and its ranges on request. */

import { type FileHandle, open } from 'node:fs/promises';
import { StudioError, toStudioError } from '../../errors.ts';
import { knownSignature } from './signatures.ts';

export interface ArrowBytes {
  readonly file: string;
  readonly size: number;
  /** @throws StudioError 'damaged-file' for a range outside the file; an abort is the signal's own error */
  read(start: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

/** 'file' has a footer that says where the batches are (Feather version 2); a 'stream' has to be walked through. */
export type ArrowFormat = 'file' | 'stream';

const MAGIC = 'ARROW1';
/** Magic with its padding, footer length and magic. */
const SMALLEST_FILE = 8 + 4 + 6;

/** @throws StudioError 'empty-file', 'truncated-file', 'unsupported-file' or the system's reason */
export async function openArrowBytes(file: string): Promise<{ bytes: ArrowBytes; format: ArrowFormat }> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    const bytes: ArrowBytes = {
      file,
      size,
      read: (start, length, signal) => readRange(handle, file, size, start, length, signal),
      close: () => handle.close(),
    };
    return { bytes, format: await recogniseFormat(bytes) };
  } catch (error) {
    await handle.close();
    throw toStudioError(error) ?? error;
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    throw toStudioError(error) ?? error;
  }
}

async function readRange(
  handle: FileHandle,
  file: string,
  size: number,
  start: number,
  length: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  signal?.throwIfAborted();
  if (!(start >= 0 && length >= 0 && start + length <= size)) {
    throw new StudioError('damaged-file', `It refers to bytes ${start} to ${start + length}, but has only ${size}.`, {
      where: { file },
      hint: 'Copy or download the file again.',
    });
  }
  const buffer = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) {
      throw new StudioError('truncated-file', 'The file became shorter while it was being read.', { where: { file } });
    }
    filled += bytesRead;
  }
  return buffer;
}

async function recogniseFormat(bytes: ArrowBytes): Promise<ArrowFormat> {
  const { file, size } = bytes;
  const where = { file };
  if (size === 0) {
    throw new StudioError('empty-file', 'The file is empty (0 bytes).', { where, hint: 'Write or download it again.' });
  }
  const head = await bytes.read(0, Math.min(64, size));
  if (head.toString('latin1', 0, 4) === 'FEA1') {
    throw new StudioError('unsupported-file', 'This is a Feather file of version 1, which only old programs write.', {
      where,
      hint: 'Write it again as version 2: pyarrow.feather.write_feather(table, path) does, as does pandas to_feather.',
    });
  }
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    if (beginsStream(head, size)) return 'stream';
    throw new StudioError('unsupported-file', `This is not an Arrow file${looksLike(head)}.`, {
      where,
      hint: 'Give the file the ending of what it is, or export it as Arrow.',
    });
  }
  const tail = size < SMALLEST_FILE ? '' : (await bytes.read(size - MAGIC.length, MAGIC.length)).toString('latin1');
  if (tail !== MAGIC) {
    throw new StudioError('truncated-file', `The Arrow file is cut off: it has ${size} bytes and no footer.`, {
      where,
      hint: 'Copy or download it again; if it is still being written, wait.',
    });
  }
  return 'file';
}

/** A stream begins with the length of its schema message, since Arrow 0.15 after four bytes of ones. */
function beginsStream(head: Buffer, size: number): boolean {
  if (head.length < 8) return false;
  if (head.readInt32LE(0) === -1) return true;
  const length = head.readInt32LE(0);
  // Text gives a length far beyond the file or a first offset beyond the message.
  return length > 16 && length % 8 === 4 && length < size && head.readUInt32LE(4) < length;
}

function looksLike(head: Buffer): string {
  const known = knownSignature(head);
  return known ? `: ${known}` : ` (it begins with the bytes ${head.subarray(0, 4).toString('hex')})`;
}
