/**
 * Grades every row of a file, and writes the rows with their grades to a new file. What was graded is kept row by row, so
 * that a grading that was ended goes on where it stopped.
 */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../datasets/dataset.ts';
import { fingerprintDataset } from '../datasets/fingerprint.ts';
import { openDataset } from '../datasets/open.ts';
import { refuseExisting } from '../datasets/writers/output-file.ts';
import { StudioError, toStudioError } from '../errors.ts';
import { malformedLines } from '../evaluations/row-problems.ts';
import { threadFile } from '../ordered-threads.ts';
import { type CostEstimate, estimateCost } from './cost.ts';
import { isGraded, type RowGrades } from './grade-row.ts';
import { type GradedPart, gradeHere, gradeInThreads, type RowRange, threadRanges } from './grade-rows.ts';
import { chooseReading, GradedRows, type ReadingChoice } from './graded-rows.ts';
import { gradeColumns } from './grading-columns.ts';
import { GradingProgress, type GradingProgressReport } from './grading-progress.ts';
import { changed, differenceOf, keepsFailing, nothingGraded, refuseOneForTwo, stampOf } from './grading-refusals.ts';
import {
  GRADING_FORMAT_VERSION,
  type GradingFolder,
  type GradingSpec,
  GradingStore,
  type GradingSummary,
} from './grading-store.ts';
import { checkPassMark, GradeTally, type PassMark } from './grading-summary.ts';
import { GradeJournal } from './journal.ts';
import type { FileGrader } from './open-for-grading.ts';
import { gradedFormatOf, refuseFormat, writeGraded } from './write-graded.ts';

export const DEFAULT_SEED = 42;

export interface GradeFileOptions extends ReadingChoice {
  /** A file, a folder or a glob of shards. */
  readonly input: string;
  /** `.jsonl` or `.parquet`. */
  readonly output: string;
  /** The workspace folder (or working directory) that owns the grading. */
  readonly base: string;
  readonly seed?: number | undefined;
  readonly pass?: PassMark | undefined;
  /** Writes over the output; what was graded before and failed is graded again. */
  readonly force?: boolean | undefined;
  /** Forgets what was kept of an unfinished grading. */
  readonly restart?: boolean | undefined;
  /** Where the product's own threads and libraries are. */
  readonly workersFolder: string;
  /** Hears what is about to be done, and fails where it shall not. */
  readonly agree?: ((plan: GradingPlan) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: GradingProgressReport) => void) | undefined;
}

export interface GradingPlan {
  readonly spec: GradingSpec;
  /** Rows that are still to be graded, and those that are kept of before. */
  readonly rows: number;
  readonly kept: number;
  /** Of a grader that asks somebody. */
  readonly cost: CostEstimate | undefined;
}

export interface GradedFile {
  readonly spec: GradingSpec;
  readonly summary: GradingSummary;
  /** Rows whose grades were kept of before. */
  readonly kept: number;
  readonly folder: string;
}

/** So many rows in a row without a grade end the work: the rest would fail as well, and is graded later. */
const FAILURES_IN_A_ROW = 25;

/**
 * @throws StudioError where the file cannot be read or graded, 'already-exists' for the output or another unfinished
 *   grading of it, 'run-busy', 'cancelled', what `agree` throws, or the grader's own error where it fails on row after row
 */
export async function gradeFile(file: FileGrader, options: GradeFileOptions): Promise<GradedFile> {
  const output = path.resolve(options.output);
  gradedFormatOf(output);
  if (!options.force) await refuseExisting(output);
  const dataset = await openDataset(path.resolve(options.input), options.signal);
  try {
    refuseFormat(dataset, output);
    if (dataset.files.some((each) => path.resolve(each.path) === output)) {
      throw new StudioError('usage', 'The output is the file that is graded.', {
        where: { file: output },
        hint: 'Choose another name.',
      });
    }
    const folder = new GradingStore(options.base).of(output);
    const lock = await folder.lock();
    try {
      return await new Grading(file, dataset, folder, { ...options, output }).run();
    } finally {
      lock.release();
    }
  } finally {
    await dataset.close();
  }
}

class Grading {
  readonly #file: FileGrader;
  readonly #dataset: Dataset;
  readonly #folder: GradingFolder;
  readonly #options: GradeFileOptions;

  constructor(file: FileGrader, dataset: Dataset, folder: GradingFolder, options: GradeFileOptions) {
    this.#file = file;
    this.#dataset = dataset;
    this.#folder = folder;
    this.#options = options;
  }

  async run(): Promise<GradedFile> {
    const { signal, agree, pass } = this.#options;
    const started = performance.now();
    const spec = await this.#spec();
    const rows = new GradedRows(spec.reading, this.#dataset.columns);
    if (pass) checkPassMark(pass, spec.kind, spec.grader.scale);
    refuseOneForTwo(this.#file, rows, this.#dataset.name);
    const stamp = await stampOf(this.#dataset);
    await this.#takeUp(spec);
    const journal = await GradeJournal.open(this.#folder.journalFile, spec.rows, signal);
    try {
      const ranges = await rangesToGrade(journal, spec.rows);
      const open = rowsIn(ranges);
      const kept = spec.rows - open;
      const cost = await estimateCost(this.#file.grader, this.#dataset, rows, {
        rows: open,
        price: this.#file.price,
        signal,
      });
      await agree?.({ spec, rows: open, kept, cost });
      await this.#grade(spec, rows, ranges, journal);
      if ((await stampOf(this.#dataset)) !== stamp) throw changed(this.#dataset.name);
      const summary = await this.#finish(spec, journal, started);
      return { spec, summary, kept, folder: this.#folder.path };
    } catch (error) {
      if (signal?.aborted) throw this.#cancelled(journal, error);
      throw toStudioError(error) ?? error;
    } finally {
      await journal.close();
      const summary = await this.#folder.summary();
      if (summary?.rows.failed === 0) await rm(this.#folder.journalFile, { force: true });
      // Where nothing was graded there is nothing to go on with.
      if (!summary && journal.rows === 0) await this.#folder.forget();
    }
  }

  async #spec(): Promise<GradingSpec> {
    const { grader, model, askedFor } = this.#file;
    const { map, responseColumn, promptColumn, seed = DEFAULT_SEED, signal, input, output } = this.#options;
    const reading = await chooseReading(this.#dataset, { map, responseColumn, promptColumn }, signal);
    const { kind, title } = new GradedRows(reading, this.#dataset.columns);
    return {
      version: GRADING_FORMAT_VERSION,
      created_at: new Date().toISOString(),
      input: path.resolve(input),
      output,
      asked_for: askedFor,
      fingerprint: await fingerprintDataset(this.#dataset, signal),
      rows: this.#dataset.rowCount,
      grader: { name: grader.name, kind: grader.kind, scale: grader.scale, model, identity: grader.id },
      reading,
      title,
      kind,
      seed,
    };
  }

  /** Goes on with what is kept where that is of the same grading, else begins anew. */
  async #takeUp(spec: GradingSpec): Promise<void> {
    const before = await this.#folder.spec();
    const differs = before && differenceOf(before, spec);
    if (before && differs === undefined && !this.#options.restart) return;
    const unfinished = before && (await this.#folder.summary()) === undefined;
    if (unfinished && !this.#options.restart) {
      throw new StudioError('already-exists', `An unfinished grading of this output is kept, and ${differs}.`, {
        where: { file: spec.output },
        hint: 'Go on with that one, choose another output, or begin anew with --restart.',
      });
    }
    await this.#folder.begin(spec);
  }

  async #grade(spec: GradingSpec, rows: GradedRows, ranges: readonly RowRange[], journal: GradeJournal): Promise<void> {
    const { seed = DEFAULT_SEED, signal, workersFolder, onProgress } = this.#options;
    const { grader, embedded, concurrency } = this.#file;
    const progress = new GradingProgress(spec.rows, rowsIn(ranges), onProgress);
    let failedInARow = 0;
    const refuseFailures = (part: GradedPart): void => {
      failedInARow = part.failedThroughout ? failedInARow + part.failed : part.failedAtEnd;
      if (failedInARow >= FAILURES_IN_A_ROW && part.failure) throw keepsFailing(part.failure, failedInARow);
    };
    const { reopen, name, columns } = this.#dataset;
    const threads = embedded && reopen && threadFile(workersFolder, 'grade-rows');
    if (!threads) {
      const take = async (part: GradedPart): Promise<void> => {
        await journal.append(part.lines);
        progress.add(part);
        refuseFailures(part);
      };
      // Of a model here a few rows that are graded twice cost nothing.
      const careful = !grader.instant;
      await gradeHere(grader, this.#dataset, rows, ranges, take, { seed, concurrency, signal, careful });
      return;
    }
    let writing = Promise.resolve();
    const take = (part: GradedPart): void => {
      writing = writing.then(() => journal.append(part.lines));
      // Its failure is told at the end.
      writing.catch(() => {});
      progress.add(part);
      refuseFailures(part);
    };
    const setup = {
      name,
      files: reopen,
      columns,
      reading: spec.reading,
      seed,
      model: embedded,
    };
    try {
      await gradeInThreads(threads, setup, threadRanges(this.#dataset, ranges), take, signal);
    } finally {
      await writing;
    }
  }

  async #finish(spec: GradingSpec, journal: GradeJournal, started: number): Promise<GradingSummary> {
    const { pass, force = false, signal, onProgress, output } = this.#options;
    const tally = new GradeTally(spec.kind, spec.grader.scale, pass, malformedLines(this.#dataset));
    for (let row = 0; row < spec.rows; row++) {
      const grades = await journal.read(row);
      if (grades) tally.add(grades);
      if (row % 1_000 === 0) signal?.throwIfAborted();
    }
    const distribution = tally.distribution(spec.rows);
    if (distribution.rows.graded === 0) throw nothingGraded(spec, distribution.problems[0]);
    const grades = gradeColumns(
      tally.facts,
      this.#dataset.columns.map(({ name }) => name),
    );
    await writeGraded(this.#dataset, {
      output,
      force,
      grades,
      journal,
      signal,
      onRows: (rows) =>
        onProgress?.({
          share: 1,
          message: `writing row ${rows.toLocaleString('en')} of ${spec.rows.toLocaleString('en')}`,
        }),
    });
    const summary: GradingSummary = {
      ...distribution,
      version: GRADING_FORMAT_VERSION,
      finished_at: new Date().toISOString(),
      columns: grades.columns.map(({ name }) => name),
      took_seconds: (performance.now() - started) / 1000,
    };
    await this.#folder.finish(summary);
    return summary;
  }

  #cancelled({ rows }: GradeJournal, cause: unknown): StudioError {
    const kept =
      rows === 0
        ? {}
        : { hint: `The grades of ${rows.toLocaleString('en')} rows are kept: the same grading goes on from there.` };
    return new StudioError('cancelled', 'Cancelled.', { ...kept, cause });
  }
}

/** Rows without a line, and those in which the grader failed. */
async function rangesToGrade(journal: GradeJournal, rowCount: number): Promise<RowRange[]> {
  if (journal.rows === 0) return rowCount === 0 ? [] : [{ start: 0, end: rowCount }];
  const ranges: { start: number; end: number }[] = [];
  for (let row = 0; row < rowCount; row++) {
    const grades = await journal.read(row);
    if (grades && !hasFailed(grades)) continue;
    const last = ranges.at(-1);
    if (last?.end === row) last.end++;
    else ranges.push({ start: row, end: row + 1 });
  }
  return ranges;
}

const rowsIn = (ranges: readonly RowRange[]): number => ranges.reduce((sum, { start, end }) => sum + end - start, 0);

const hasFailed = ({ items }: RowGrades): boolean => items.some((item) => !isGraded(item) && item.problem === 'failed');
