/**
 * The gradings of a workspace, under `.reward-studio/gradings`: one folder for each file that grades were written to, with
 * what was asked (`grading.json`), the grades while they are made (`grades.jsonl`) and what they say together
 * (`summary.json`), which is there once the file is written.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { StudioError } from '../errors.ts';
import { GRADER_KINDS } from '../graders/grader.ts';
import { type ProcessLock, takeLock } from '../runs/process-lock.ts';
import { hideStore, STORE_FOLDER } from '../runs/store.ts';
import { writeWhole } from '../write-whole.ts';
import { distributionSchema } from './grading-summary.ts';

export const GRADING_FORMAT_VERSION = 1;

const graderSchema = z.object({
  name: z.string(),
  kind: z.enum(GRADER_KINDS),
  scale: z.enum(['logit-within-prompt', 'score-0-4', 'preference-a-b-tie']),
  /** What is shown as its model. */
  model: z.string(),
  /** Two graders with one identity give one grade to the same texts. */
  identity: z.string(),
});

const readingSchema = z.union([
  z.object({ kind: z.literal('shape'), shape: z.string(), binding: z.record(z.string(), z.number()) }),
  z.object({ kind: z.literal('columns'), response: z.number(), prompt: z.number().nullable() }),
]);

export const gradingSchema = z.object({
  version: z.literal(GRADING_FORMAT_VERSION),
  created_at: z.string(),
  /** Absolute paths. */
  input: z.string(),
  output: z.string(),
  /** How the grader was named, so that it can be named again. */
  asked_for: z.object({ model: z.string().nullable(), grader: z.string().nullable() }),
  /** Of the input. */
  fingerprint: z.string(),
  rows: z.number().int().min(0),
  grader: graderSchema,
  reading: readingSchema,
  /** What the rows were read as. */
  title: z.string(),
  kind: z.enum(['response', 'preference-pair', 'compared-responses']),
  seed: z.number(),
});
export type GradingSpec = z.infer<typeof gradingSchema>;

export const summarySchema = distributionSchema.extend({
  version: z.literal(GRADING_FORMAT_VERSION),
  finished_at: z.string(),
  /** Columns that were added. */
  columns: z.array(z.string()),
  /** Of the last piece of work, where there were several. */
  took_seconds: z.number(),
});
export type GradingSummary = z.infer<typeof summarySchema>;

/** A grading as it lies there; without a summary it is not finished. */
export interface StoredGrading {
  readonly folder: string;
  readonly spec: GradingSpec;
  readonly summary: GradingSummary | undefined;
}

export class GradingFolder {
  readonly path: string;

  constructor(folder: string) {
    this.path = folder;
  }

  get specFile(): string {
    return path.join(this.path, 'grading.json');
  }
  get journalFile(): string {
    return path.join(this.path, 'grades.jsonl');
  }
  get summaryFile(): string {
    return path.join(this.path, 'summary.json');
  }

  /** Undefined where there is none, or one of another version or that was cut. */
  async spec(): Promise<GradingSpec | undefined> {
    return parsed(this.specFile, gradingSchema);
  }

  async summary(): Promise<GradingSummary | undefined> {
    return parsed(this.summaryFile, summarySchema);
  }

  /** Begins anew: what was there of another grading is gone. */
  async begin(spec: GradingSpec): Promise<void> {
    await this.forget();
    await this.#write(this.specFile, spec);
  }

  /** As if it had not begun. */
  async forget(): Promise<void> {
    for (const file of [this.journalFile, this.summaryFile, this.specFile]) await rm(file, { force: true });
  }

  async finish(summary: GradingSummary): Promise<void> {
    await this.#write(this.summaryFile, summary);
  }

  /** @throws StudioError 'run-busy' where another process is at it */
  async lock(): Promise<ProcessLock> {
    await mkdir(this.path, { recursive: true });
    await hideStore(path.resolve(this.path, '..', '..'));
    const taken = await takeLock(path.join(this.path, 'lock'));
    if ('lock' in taken) return taken.lock;
    const { pid, host } = taken.holder;
    throw new StudioError('run-busy', 'This file is being graded already.', {
      where: { file: this.path },
      hint: `Wait for process ${pid} on ${host}, or end it.`,
    });
  }

  async #write(file: string, value: object): Promise<void> {
    await writeWhole(file, `${JSON.stringify(value, null, 2)}\n`, `${file}.${randomUUID()}.tmp`);
  }
}

export class GradingStore {
  /** The workspace folder (or working directory) that owns the gradings. */
  readonly folder: string;

  constructor(base: string) {
    this.folder = path.join(base, STORE_FOLDER, 'gradings');
  }

  /** The folder of the grading that writes this file. @param output absolute */
  of(output: string): GradingFolder {
    const name = path
      .basename(output)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40);
    const hash = createHash('sha256').update(output).digest('hex').slice(0, 8);
    return new GradingFolder(path.join(this.folder, `${name}-${hash}`));
  }

  /** Newest first. What cannot be read is left out. */
  async list(): Promise<StoredGrading[]> {
    const names = await readdir(this.folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const found: StoredGrading[] = [];
    for (const name of names.filter((entry) => entry.isDirectory())) {
      const folder = new GradingFolder(path.join(this.folder, name.name));
      const spec = await folder.spec();
      if (spec) found.push({ folder: folder.path, spec, summary: await folder.summary() });
    }
    return found.sort((a, b) => (a.spec.created_at < b.spec.created_at ? 1 : -1));
  }
}

async function parsed<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
