/** Datasets on other machines: what page, host and reader say of them to each other. */

import type { RemoteSource } from '../core/datasets/remote/remote-source.ts';

/** What the host gives to a reader that is to read from another machine; it travels over IPC alone. */
export interface RemoteConnection {
  readonly source: RemoteSource;
  /** Address of the Hugging Face hub. */
  readonly hub: string;
  /** For the hub alone. */
  readonly token?: string;
}

/** What the page shows of where a dataset is. */
export interface RemoteFacts {
  readonly address: string;
  /** Bytes that have been fetched so far. */
  readonly fetched: number;
}

export interface DownloadProgress {
  /** Of the file that is being fetched, which is number `file` of `files`. */
  readonly bytes: number;
  /** Null where the server does not say. */
  readonly total: number | null;
  readonly file: number;
  readonly files: number;
}
