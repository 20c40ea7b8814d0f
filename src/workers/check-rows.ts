/** A thread that reads ranges of rows for a run of checks: one request at a time, progress and an answer for each. */

import { parentPort } from 'node:worker_threads';
import type { RangeAnswer } from '../core/datasets/checks/range-threads.ts';
import { type RangeRequest, readRange } from '../core/datasets/checks/row-range.ts';
import { reportError } from '../core/errors.ts';

const answer = (message: RangeAnswer): void => parentPort?.postMessage(message);

parentPort?.on('message', async (request: RangeRequest) => {
  try {
    const result = await readRange(request, (rows, bytes) => answer({ kind: 'read', rows, bytes }));
    answer({ kind: 'result', result });
  } catch (error) {
    answer({ kind: 'error', error: reportError(error) });
  }
});
