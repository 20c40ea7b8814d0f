/** One small question to a grader, to see whether it answers, what, and how fast. */

import type { Grade, GradeRequest, Grader } from '../grader.ts';

/** With a plainly better response, so that the answer can be judged at a glance. */
const QUESTION: Required<GradeRequest> = {
  prompt: [{ role: 'user', content: 'What is the capital of France?' }],
  response: [{ role: 'assistant', content: 'The capital of France is Paris.' }],
  sibling: [{ role: 'assistant', content: 'I like trains.' }],
};

export interface SmokeTest {
  readonly request: Required<GradeRequest>;
  readonly grade: Grade;
  /** Of the whole grade: two requests where two responses are graded. */
  readonly latencyMs: number;
}

export async function smokeTest(grader: Grader, signal?: AbortSignal): Promise<SmokeTest> {
  const started = performance.now();
  const grade = await grader.grade(QUESTION, signal);
  return { request: QUESTION, grade, latencyMs: performance.now() - started };
}
