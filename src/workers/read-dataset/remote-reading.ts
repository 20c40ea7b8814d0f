/** A dataset on another machine: read in parts, or downloaded. */

import path from 'node:path';
import { download } from '../../core/datasets/remote/download.ts';
import { openRemote, remoteFiles } from '../../core/datasets/remote/open-remote.ts';
import { shownSource } from '../../core/datasets/remote/remote-name.ts';
import type { RemoteSource } from '../../core/datasets/remote/remote-source.ts';
import type { RemoteAccess } from '../../core/datasets/remote/request.ts';
import type { DownloadProgress, RemoteConnection } from '../../protocol/dataset-remote.ts';
import type { DatasetSource } from './dataset-source.ts';

const REPORTED_BYTES = 2 ** 20;

export class RemoteReading implements DatasetSource {
  readonly remote = true;
  readonly name: string;
  readonly #source: RemoteSource;
  readonly #access: RemoteAccess;
  readonly #onFetched: (bytes: number) => void;
  #fetched = 0;

  /** @param onFetched told of all bytes that have arrived so far, to be shown rows of */
  constructor({ source, hub, token }: RemoteConnection, onFetched: (bytes: number) => void) {
    this.name = shownSource(source);
    this.#source = source;
    this.#access = { hub: new URL(hub), token };
    this.#onFetched = onFetched;
  }

  open(signal: AbortSignal) {
    const onBytes = (bytes: number) => {
      this.#fetched += bytes;
      this.#onFetched(this.#fetched);
    };
    return openRemote(this.#source, this.#access, { signal, onBytes });
  }

  /** Names for its files on this machine. */
  async fileNames(signal: AbortSignal): Promise<string[]> {
    const urls = await remoteFiles(this.#source, this.#access, signal);
    const source = this.#source;
    if (source.kind === 'url') return urls.map(({ pathname }) => withEnding(decoded(path.posix.basename(pathname))));
    if (urls.length === 1) return [`${path.posix.basename(source.name)}-${source.split}.parquet`];
    return urls.map((_, index) => `${source.split}-${number(index)}-of-${number(urls.length)}.parquet`);
  }

  /** @param targets a path for each file, in the order of `fileNames` */
  async download(
    targets: readonly string[],
    signal: AbortSignal,
    onProgress: (progress: DownloadProgress) => void,
  ): Promise<void> {
    const urls = await remoteFiles(this.#source, this.#access, signal);
    for (const [index, target] of targets.entries()) {
      let reported = 0;
      await download(urls[index]!, target, this.#access, {
        signal,
        onProgress: (bytes, total) => {
          if (bytes - reported < REPORTED_BYTES) return;
          reported = bytes;
          onProgress({ bytes, total: total ?? null, file: index + 1, files: targets.length });
        },
      });
    }
  }
}

const number = (value: number): string => String(value).padStart(5, '0');
const withEnding = (name: string): string => (/\.(parquet|parq|pq)$/i.test(name) ? name : `${name}.parquet`);

/** A name for a file: what the server calls it may hold anything. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name).replaceAll(/[/\\:*?"<>|\0]/g, '_') || 'dataset';
  } catch {
    return name || 'dataset';
  }
}
