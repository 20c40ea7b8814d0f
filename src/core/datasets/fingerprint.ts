/**
 * Fingerprints: is this the data that a model was trained on?
 *
 * A file of up to 1 GiB: `sha256:` and SHA-256 of its bytes. A larger one: `sha256-sampled:` and SHA-256 of its size in
 * decimal digits, a line feed, and 64 blocks of 1 MiB spread evenly from its first byte to its last (the last block holds
 * the footer of a Parquet file). Several files: `sha256:` of a line `NAME FINGERPRINT` for each, in dataset order.
 */

import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { toStudioError } from '../errors.ts';
import type { Dataset } from './dataset.ts';

const WHOLE_FILE_LIMIT = 2 ** 30;
const BLOCK = 2 ** 20;
const BLOCKS = 64;

export async function fingerprintDataset(dataset: Pick<Dataset, 'files'>, signal?: AbortSignal): Promise<string> {
  const [first, ...others] = dataset.files;
  if (first && others.length === 0) return fingerprintFile(first.path, signal);
  const hash = createHash('sha256');
  for (const file of dataset.files) {
    hash.update(`${path.basename(file.path)} ${await fingerprintFile(file.path, signal)}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** @param wholeUpTo bytes up to which the whole file counts */
export async function fingerprintFile(
  file: string,
  signal?: AbortSignal,
  wholeUpTo: number = WHOLE_FILE_LIMIT,
): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    const hash = createHash('sha256');
    if (size <= wholeUpTo) {
      for (let at = 0; at < size; at += BLOCK) await addBlock(hash, handle, at, signal);
      return `sha256:${hash.digest('hex')}`;
    }
    hash.update(`${size}\n`);
    for (let block = 0; block < BLOCKS; block++) {
      await addBlock(hash, handle, Math.floor((block * (size - BLOCK)) / (BLOCKS - 1)), signal);
    }
    return `sha256-sampled:${hash.digest('hex')}`;
  } catch (error) {
    throw toStudioError(error) ?? error;
  } finally {
    await handle?.close();
  }
}

async function addBlock(hash: Hash, handle: FileHandle, at: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const buffer = Buffer.allocUnsafe(BLOCK);
  const { bytesRead } = await handle.read(buffer, 0, BLOCK, at);
  hash.update(buffer.subarray(0, bytesRead));
}
