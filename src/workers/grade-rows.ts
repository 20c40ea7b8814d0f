/** A thread that grades ranges of rows with an embedded model: one request at a time, an answer for each. */

import { workerData } from 'node:worker_threads';
import { type GradedPart, type GradeRowsSetup, openThreadGrader, type RowRange } from '../core/gradings/grade-rows.ts';
import { answerRequests } from '../core/ordered-threads.ts';

const grade = openThreadGrader(workerData as GradeRowsSetup);
// Its failure is the answer to the first request.
grade.catch(() => {});

answerRequests<RowRange, GradedPart>(async (range) => (await grade)(range));
