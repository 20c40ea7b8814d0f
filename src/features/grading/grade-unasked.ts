/** A grade that costs nobody anything: of a grader that is instant, or one that was kept. */

import type { GradeCache } from '../../core/graders/grade-cache.ts';
import type { Grade, Grader } from '../../core/graders/grader.ts';
import type { Located } from '../../core/graders/locate/located.ts';
import { requestOf } from './hover.ts';
import type { Pause } from './pause.ts';

/** Undefined where it would have to be asked for. @throws the reason of the pause's signal */
export async function gradeUnasked(
  grader: Grader,
  cache: GradeCache,
  located: Located,
  pause: Pause,
): Promise<Grade | undefined> {
  const request = requestOf(located);
  const grade = grader.instant ? await grader.grade(request, pause.signal) : cache.get(grader, request);
  await pause.ifLong();
  return grade;
}
