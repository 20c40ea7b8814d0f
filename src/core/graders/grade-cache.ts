/** Grades that were made, by grader and texts: what has cost time is not asked for twice. The oldest use is forgotten first. */

import { createHash } from 'node:crypto';
import type { Grade, GradeRequest, Grader } from './grader.ts';

const MOST_GRADES = 2_000;

export class GradeCache {
  readonly #grades = new Map<string, Grade>();
  readonly #most: number;

  constructor(most = MOST_GRADES) {
    this.#most = most;
  }

  get(grader: Grader, request: GradeRequest): Grade | undefined {
    const key = keyOf(grader, request);
    const grade = this.#grades.get(key);
    if (!grade) return undefined;
    this.#grades.delete(key);
    this.#grades.set(key, grade);
    return grade;
  }

  set(grader: Grader, request: GradeRequest, grade: Grade): void {
    const key = keyOf(grader, request);
    this.#grades.delete(key);
    this.#grades.set(key, grade);
    const [oldest] = this.#grades.keys();
    if (this.#grades.size > this.#most && oldest !== undefined) this.#grades.delete(oldest);
  }

  clear(): void {
    this.#grades.clear();
  }
}

function keyOf({ id }: Grader, { prompt, response, sibling }: GradeRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([id, prompt, response, sibling ?? null]))
    .digest('base64');
}
