/** Reads ranges of rows in threads. */

import { answerInThreads, threadFile } from '../../ordered-threads.ts';
import type { RangeRequest, RangeResult } from './row-range.ts';

/** What a thread has read since it last told. */
export interface RangeRead {
  readonly rows: number;
  readonly bytes: number;
}

export interface RangeListener {
  readonly signal?: AbortSignal | undefined;
  /** Sums over all ranges. */
  readonly onRead?: ((rows: number, bytes: number) => void) | undefined;
}

/** The entry point of the threads, where this program has one. */
export const rangeWorker = (workersFolder: string | undefined): string | undefined =>
  threadFile(workersFolder, 'check-rows');

/**
 * @param take gets the results in the order of the requests, while later ranges are being read
 * @throws the signal's own error, or that of the first range that fails
 */
export async function readRanges(
  worker: string,
  requests: readonly RangeRequest[],
  take: (result: RangeResult) => void,
  { signal, onRead }: RangeListener,
): Promise<void> {
  const total = { rows: 0, bytes: 0 };
  await answerInThreads<RangeRequest, RangeResult, RangeRead>(worker, requests, take, {
    signal,
    onTold: ({ rows, bytes }) => {
      total.rows += rows;
      total.bytes += bytes;
      onRead?.(total.rows, total.bytes);
    },
  });
}
