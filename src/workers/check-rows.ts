/** A thread that reads ranges of rows for a run of checks: one request at a time, progress and an answer for each. */

import type { RangeRead } from '../core/datasets/checks/range-threads.ts';
import { type RangeRequest, type RangeResult, readRange } from '../core/datasets/checks/row-range.ts';
import { buffersOf, isPackedTexts } from '../core/datasets/checks/signed-texts.ts';
import { answerRequests } from '../core/ordered-threads.ts';

/** A message takes as long as some hundred rows do. */
const MILLISECONDS_BETWEEN_MESSAGES = 20;

answerRequests<RangeRequest, RangeResult, RangeRead>(async (request, tell) => {
  let untold: RangeRead = { rows: 0, bytes: 0 };
  let toldAt = 0;
  const result = await readRange(request, (rows, bytes) => {
    untold = { rows: untold.rows + rows, bytes: untold.bytes + bytes };
    const now = performance.now();
    if (now < toldAt + MILLISECONDS_BETWEEN_MESSAGES) return;
    tell(untold);
    untold = { rows: 0, bytes: 0 };
    toldAt = now;
  });
  tell(untold);
  return result;
}, largeBuffers);

function largeBuffers({ pass }: RangeResult): ArrayBuffer[] {
  const parts = pass.seen.flatMap((seen) => Object.values(seen));
  return parts.filter(isPackedTexts).flatMap(buffersOf);
}
