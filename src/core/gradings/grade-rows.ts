/** Grades the rows of a dataset in their order: here, or in threads where the model is one that grades by itself. */

import type { Column, Dataset, Reopening } from '../datasets/dataset.ts';
import { reopenDataset } from '../datasets/open.ts';
import { cooperativePause } from '../engines/embedded/pause.ts';
import { EmbeddedGrader } from '../graders/embedded-grader.ts';
import type { Grader } from '../graders/grader.ts';
import { answerInThreads } from '../ordered-threads.ts';
import { gradeRow, isGraded, type RowGrades, responsesIn } from './grade-row.ts';
import { GradedRows, type Reading } from './graded-rows.ts';
import { journalLine } from './journal.ts';

/** Rows that a thread grades for one answer: as many as lie between two places that a reader of JSONL remembers. */
const THREAD_ROWS = 512;
/** Of a Parquet file with larger row groups each is read more than once. */
const MOST_GROUP_ROWS = 8_192;
/** A heap that may grow less is collected more often: a third less memory, and no time that can be measured. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };
/** Rows of one part of what is graded here. */
const PART_ROWS = 32;

/** Consecutive rows, graded. */
export interface GradedPart {
  /** Of the journal. */
  readonly lines: string;
  readonly rows: number;
  readonly responses: number;
  readonly failed: number;
  /** The last failure of the grader, and how many rows in a row end the part without a grade of it. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly failedAtEnd: number;
  readonly failedThroughout: boolean;
}

export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** What a thread needs; plain data. */
export interface GradeRowsSetup {
  readonly name: string;
  readonly files: readonly Reopening[];
  readonly columns: readonly Column[];
  readonly reading: Reading;
  readonly seed: number;
  readonly model: { readonly file: string; readonly name: string; readonly trainedAt: string };
}

/** @param take gets the parts in the order of the rows */
export async function gradeInThreads(
  threads: string,
  setup: GradeRowsSetup,
  ranges: readonly RowRange[],
  take: (part: GradedPart) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await answerInThreads(threads, ranges, take, { workerData: setup, limits: THREAD_LIMITS, signal });
}

/** The rows in parts that threads read without reading much more: of Parquet, those of row groups. */
export function threadRanges({ kind, files }: Dataset, ranges: readonly RowRange[]): RowRange[] {
  const group = Math.max(...files.map(({ parquet }) => parquet?.largestRowGroup ?? 1));
  const step = kind === 'parquet' ? Math.min(MOST_GROUP_ROWS, Math.max(THREAD_ROWS, group)) : THREAD_ROWS;
  return ranges.flatMap(({ start, end }) => {
    const parts: RowRange[] = [];
    for (let at = start; at < end; ) {
      const next = Math.min(end, (Math.floor(at / step) + 1) * step);
      parts.push({ start: at, end: next });
      at = next;
    }
    return parts;
  });
}

/** Inside a thread: what answers its requests. */
export async function openThreadGrader(setup: GradeRowsSetup): Promise<(range: RowRange) => Promise<GradedPart>> {
  const { model, seed, reading, columns } = setup;
  const grader = await EmbeddedGrader.load(model.file, model);
  const dataset = await reopenDataset(setup.name, setup.files);
  const rows = new GradedRows(reading, columns);
  return async (range) => {
    const graded: RowGrades[] = [];
    for await (const batch of dataset.read({ ...range, columns: rows.columns, forward: true })) {
      for (const [offset, cells] of batch.rows.entries()) {
        graded.push(await gradeRow(grader, batch.start + offset, rows.items(cells), { seed }));
      }
    }
    return partOf(graded);
  };
}

export interface GradeHereOptions {
  readonly seed: number;
  /** Rows that are asked for at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether a part shall be small, because each of its rows may have cost money. */
  readonly careful: boolean;
}

/**
 * @param ranges ascending; rows that need no grade are left out
 * @throws what `take` throws, and an abort
 */
export async function gradeHere(
  grader: Grader,
  dataset: Dataset,
  rows: GradedRows,
  ranges: readonly RowRange[],
  take: (part: GradedPart) => Promise<void>,
  { seed, concurrency, signal, careful }: GradeHereOptions,
): Promise<void> {
  // What is still being asked when one row ends it all is given up too.
  const ending = new AbortController();
  const either = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  const pause = cooperativePause(either);
  const most = careful ? 1 : PART_ROWS;
  const asked: Promise<RowGrades>[] = [];
  let graded: RowGrades[] = [];
  const hand = async (): Promise<void> => {
    graded.push(await asked.shift()!);
    if (graded.length < most) return;
    const part = partOf(graded);
    graded = [];
    await take(part);
  };
  try {
    for (const range of ranges) {
      for await (const batch of dataset.read({ ...range, columns: rows.columns, forward: true }, either)) {
        for (const [offset, cells] of batch.rows.entries()) {
          await pause();
          const answer = gradeRow(grader, batch.start + offset, rows.items(cells), { seed, signal: either });
          // It is waited for in its turn; that it fails before is no defect.
          answer.catch(() => {});
          asked.push(answer);
          if (asked.length >= concurrency) await hand();
        }
      }
    }
    while (asked.length > 0) await hand();
    if (graded.length > 0) await take(partOf(graded));
  } catch (error) {
    ending.abort();
    throw error;
  }
}

function partOf(graded: readonly RowGrades[]): GradedPart {
  let lines = '';
  let responses = 0;
  let failed = 0;
  let failedAtEnd = 0;
  let failure: GradedPart['failure'];
  for (const row of graded) {
    lines += journalLine(row);
    responses += responsesIn(row.items);
    const problem = row.items.find((item) => !isGraded(item) && item.problem === 'failed');
    if (problem && !isGraded(problem)) {
      failed++;
      failedAtEnd++;
      failure = { code: problem.code, message: problem.message };
    } else if (row.items.some(isGraded)) failedAtEnd = 0;
  }
  const failedThroughout = failed > 0 && !graded.some(({ items }) => items.some(isGraded));
  return { lines, rows: graded.length, responses, failed, failure, failedAtEnd, failedThroughout };
}
