/**
 * Grades that were made, by grader and texts: what has cost time or money is not asked for twice. The oldest use is
 * forgotten first. With a file they outlive the window: one line each, written behind the last; several windows may add.
 */

import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../write-whole.ts';
import type { Grade, GradeRequest, Grader } from './grader.ts';

const MOST_GRADES = 2_000;
/** A grade with a longer reason is kept in memory alone. */
const LONGEST_LINE = 64 * 1024;

export interface GradeCacheOptions {
  readonly most?: number;
  /** Where grades are kept; without one, in memory alone. */
  readonly file?: string | undefined;
  /** The file cannot be read or written: grades are kept in memory all the same. */
  readonly onProblem?: (error: unknown) => void;
  /** A grade is kept that was not, or none are kept any more. */
  readonly onChange?: () => void;
}

export class GradeCache {
  readonly #grades = new Map<string, Grade>();
  readonly #most: number;
  readonly #file: string | undefined;
  readonly #onProblem: (error: unknown) => void;
  readonly #onChange: () => void;
  /** Reads and writes of the file, one after the other. */
  #work: Promise<void>;
  #lines = 0;

  constructor({ most = MOST_GRADES, file, onProblem = () => {}, onChange = () => {} }: GradeCacheOptions = {}) {
    this.#most = most;
    this.#file = file;
    this.#onProblem = onProblem;
    this.#onChange = onChange;
    this.#work = file === undefined ? Promise.resolve() : this.#load(file).catch(onProblem);
  }

  /** What was kept has been read, and what is to be kept is written. */
  async settled(): Promise<void> {
    await this.#work;
  }

  get size(): number {
    return this.#grades.size;
  }

  get(grader: Grader, request: GradeRequest): Grade | undefined {
    const key = keyOf(grader, request);
    const grade = this.#grades.get(key);
    if (!grade) return undefined;
    this.#put(key, grade);
    // The name is the person's to change; whoever gives the grade stays the same.
    return { ...grade, provenance: { ...grade.provenance, grader: grader.name } };
  }

  set(grader: Grader, request: GradeRequest, grade: Grade): void {
    const key = keyOf(grader, request);
    this.#put(key, grade);
    this.#then((file) => this.#append(file, key, grade));
    this.#onChange();
  }

  clear(): void {
    this.#grades.clear();
    this.#then(async (file) => {
      await rm(file, { force: true });
      this.#lines = 0;
    });
    this.#onChange();
  }

  #put(key: string, grade: Grade): void {
    this.#grades.delete(key);
    this.#grades.set(key, grade);
    const [oldest] = this.#grades.keys();
    if (this.#grades.size > this.#most && oldest !== undefined) this.#grades.delete(oldest);
  }

  #then(work: (file: string) => Promise<void>): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#work = this.#work.then(() => work(file)).catch(this.#onProblem);
  }

  async #load(file: string): Promise<void> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    if (text === '') return;
    const { parseKeptGrade } = await import('./kept-grade.ts');
    const lines = text.split('\n').filter((line) => line !== '');
    this.#lines = lines.length;
    const made = [...this.#grades];
    for (const line of lines) {
      const kept = parseKeptGrade(line);
      if (kept) this.#put(kept.key, kept.grade);
    }
    for (const [key, grade] of made) this.#put(key, grade);
    this.#onChange();
  }

  async #append(file: string, key: string, grade: Grade): Promise<void> {
    const line = `${JSON.stringify({ key, grade })}\n`;
    if (line.length > LONGEST_LINE) return;
    await mkdir(path.dirname(file), { recursive: true });
    if (this.#lines >= 2 * this.#most) return this.#rewrite(file);
    await appendFile(file, line);
    this.#lines++;
  }

  async #rewrite(file: string): Promise<void> {
    const lines = [...this.#grades].map(([key, grade]) => `${JSON.stringify({ key, grade })}\n`);
    const short = lines.filter((line) => line.length <= LONGEST_LINE);
    await writeWhole(file, short.join(''), `${file}.${randomUUID()}.tmp`);
    this.#lines = short.length;
  }
}

function keyOf({ id }: Grader, { prompt, response, sibling }: GradeRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([id, prompt, response, sibling ?? null]))
    .digest('base64');
}
