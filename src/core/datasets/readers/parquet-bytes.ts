/** The bytes of a Parquet file: is it one at all, and its ranges on request. */

import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StudioError, toStudioError } from '../../errors.ts';
import { knownSignature, type Signature } from './signatures.ts';

/** What hyparquet reads from. */
export interface ParquetBytes {
  readonly byteLength: number;
  /** @param signal for bytes that have to be waited for */
  slice(start: number, end?: number, signal?: AbortSignal): Promise<ArrayBuffer>;
  /** Fills `into` from `start` on at once, where that is quick: thousands of page headers are a few bytes each. */
  readSync?(into: Uint8Array, start: number): void;
}

const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';
/** Magic, footer length and magic: nothing shorter is a Parquet file. */
const SMALLEST = 12;

/**
 * Opens a Parquet file and checks its first and last bytes.
 * @throws StudioError 'empty-file', 'not-parquet', 'truncated-file', 'encrypted-file' or the system's reason
 */
export async function openParquetBytes(file: string): Promise<{ handle: FileHandle; bytes: ParquetBytes }> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    const bytes: ParquetBytes = {
      byteLength: size,
      slice: (start, end = size) => readRange(handle, start, end, file, size),
      readSync: (into, start) => fillSync(handle, into, start, file),
    };
    await checkMagic(file, bytes);
    return { handle, bytes };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    throw toStudioError(error) ?? error;
  }
}

async function readRange(handle: FileHandle, start: number, end: number, file: string, size: number) {
  if (!(start >= 0 && end >= start && end <= size)) {
    throw new StudioError('damaged-file', `It refers to bytes ${start} to ${end}, but has only ${size}.`, {
      where: { file },
      hint: 'Copy or download the file again.',
    });
  }
  const buffer = new ArrayBuffer(end - start);
  let filled = 0;
  while (filled < buffer.byteLength) {
    const { bytesRead } = await handle.read(new Uint8Array(buffer, filled), { position: start + filled });
    if (bytesRead === 0) throw becameShorter(file);
    filled += bytesRead;
  }
  return buffer;
}

function fillSync(handle: FileHandle, into: Uint8Array, start: number, file: string): void {
  for (let filled = 0; filled < into.length; ) {
    const bytesRead = readSync(handle.fd, into, filled, into.length - filled, start + filled);
    if (bytesRead === 0) throw becameShorter(file);
    filled += bytesRead;
  }
}

function becameShorter(file: string): StudioError {
  return new StudioError('truncated-file', 'The file became shorter while it was being read.', { where: { file } });
}

/** @throws StudioError where the first and last bytes are not those of a Parquet file */
export async function checkMagic(file: string, bytes: ParquetBytes): Promise<void> {
  const where = { file };
  const size = bytes.byteLength;
  if (size === 0) {
    throw new StudioError('empty-file', 'The file is empty (0 bytes).', { where, hint: 'Write or download it again.' });
  }
  const head = Buffer.from(await bytes.slice(0, Math.min(64, size)));
  const magic = head.toString('latin1', 0, 4);
  if (magic !== MAGIC && magic !== ENCRYPTED_MAGIC) {
    throw new StudioError('not-parquet', `This is not a Parquet file: ${looksLike(head)}.`, {
      where,
      hint: 'Give the file the ending of what it is, or export it as Parquet.',
    });
  }
  const tail = size < SMALLEST ? '' : Buffer.from(await bytes.slice(size - 4, size)).toString('latin1');
  if (magic === ENCRYPTED_MAGIC || tail === ENCRYPTED_MAGIC) {
    throw new StudioError('encrypted-file', 'The Parquet file is encrypted.', {
      where,
      hint: 'Write it again without encryption: keys are not supported.',
    });
  }
  if (tail !== MAGIC) {
    throw new StudioError('truncated-file', `The Parquet file is cut off: it has ${size} bytes and no footer.`, {
      where,
      hint: 'Copy or download it again; if it is still being written, wait.',
    });
  }
}

const OFTEN_MISTAKEN: readonly Signature[] = [
  ['SQLite format', 'it looks like an SQLite database'],
  ['Obj\x01', 'it looks like an Avro file'],
  ['ORC', 'it looks like an ORC file'],
  ['\x89HDF', 'it looks like an HDF5 file'],
];

function looksLike(head: Buffer): string {
  const known = knownSignature(head, OFTEN_MISTAKEN);
  if (known) return known;
  return isText(head) ? 'it looks like plain text' : `it begins with the bytes ${head.subarray(0, 4).toString('hex')}`;
}

function isText(head: Buffer): boolean {
  try {
    // As of a stream: the last character may be cut off.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return [...text].every((character) => character >= ' ' || '\t\r\n'.includes(character));
  } catch {
    return false;
  }
}
