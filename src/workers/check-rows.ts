/** A thread that reads ranges of rows for a run of checks: one request at a time, progress and an answer for each. */

import { parentPort } from 'node:worker_threads';
import type { RangeAnswer } from '../core/datasets/checks/range-threads.ts';
import { type RangeRequest, type RangeResult, readRange } from '../core/datasets/checks/row-range.ts';
import { buffersOf, isPackedTexts } from '../core/datasets/checks/signed-texts.ts';
import { reportError } from '../core/errors.ts';

const answer = (message: RangeAnswer, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);

/** A message takes as long as some hundred rows do. */
const MILLISECONDS_BETWEEN_MESSAGES = 20;

parentPort?.on('message', async (request: RangeRequest) => {
  try {
    const untold = { rows: 0, bytes: 0 };
    let toldAt = 0;
    const result = await readRange(request, (rows, bytes) => {
      untold.rows += rows;
      untold.bytes += bytes;
      const now = performance.now();
      if (now < toldAt + MILLISECONDS_BETWEEN_MESSAGES) return;
      answer({ kind: 'read', ...untold });
      Object.assign(untold, { rows: 0, bytes: 0 });
      toldAt = now;
    });
    answer({ kind: 'read', ...untold });
    answer({ kind: 'result', result }, largeBuffers(result));
  } catch (error) {
    answer({ kind: 'error', error: reportError(error) });
  }
});

function largeBuffers({ pass }: RangeResult): ArrayBuffer[] {
  const parts = pass.seen.flatMap((seen) => Object.values(seen));
  return parts.filter(isPackedTexts).flatMap(buffersOf);
}
