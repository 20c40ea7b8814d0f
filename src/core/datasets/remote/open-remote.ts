/** Opens a dataset on another machine: its footers now, the bytes of rows when they are asked for. */

import type { Dataset, FileReader } from '../dataset.ts';
import { joinShards } from '../open.ts';
import { openParquetAt } from '../readers/parquet.ts';
import { BLOCK_BYTES, CachedBytes } from './cached-bytes.ts';
import { hubFiles } from './hub.ts';
import { RemoteFile } from './remote-file.ts';
import { type RemoteSource, remoteUrl, shownSource, shownUrl } from './remote-name.ts';
import type { RemoteAccess } from './request.ts';

/** Files whose footers are fetched at the same time. */
const TOGETHER = 6;

export interface RemoteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of every piece that arrives. */
  readonly onBytes: (bytes: number) => void;
}

/** The addresses of its files. */
export async function remoteFiles(
  source: RemoteSource,
  access: RemoteAccess,
  signal?: AbortSignal,
): Promise<readonly URL[]> {
  return source.kind === 'url' ? [remoteUrl(source.url)] : hubFiles(source, access, signal);
}

/** @throws StudioError as `openDataset`, and as `RemoteFile` */
export async function openRemote(source: RemoteSource, access: RemoteAccess, options: RemoteOptions): Promise<Dataset> {
  const urls = await remoteFiles(source, access, options.signal);
  const readers = new Array<FileReader>(urls.length);
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const left = urls.entries();
  const openNext = async () => {
    for (const [index, url] of left) readers[index] = await openFile(url, access, { ...options, signal });
  };
  try {
    await Promise.all(Array.from({ length: TOGETHER }, openNext));
  } catch (error) {
    failed.abort();
    throw error;
  }
  return joinShards(shownSource(source), readers);
}

async function openFile(url: URL, access: RemoteAccess, { signal, onBytes }: RemoteOptions): Promise<FileReader> {
  const { file, start } = await RemoteFile.open(url, access, BLOCK_BYTES, onBytes, signal);
  const name = shownUrl(url);
  const bytes = new CachedBytes(
    { name, bytes: file.bytes, read: (from, to, ending) => file.read(from, to, ending) },
    start,
  );
  return openParquetAt(name, bytes, signal);
}
