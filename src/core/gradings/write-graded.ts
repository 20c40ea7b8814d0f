/** Writes the rows of a file with their grades beside them. What the rows have stays as it is. */

import path from 'node:path';
import { cellJson } from '../datasets/cell-json.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { decodeText, parseLine, readLineBlocks } from '../datasets/readers/jsonl-lines.ts';
import { openTextBytes } from '../datasets/readers/text-bytes.ts';
import type { OutputCell } from '../datasets/writers/columns.ts';
import { OutputFile } from '../datasets/writers/output-file.ts';
import { StudioError } from '../errors.ts';
import { addColumns } from '../queries/add-columns.ts';
import { isOutOfMemory, loadDuckDb } from '../queries/duckdb.ts';
import { sqlNames } from '../queries/identifiers.ts';
import { QuerySession } from '../queries/session.ts';
import type { GradeColumns } from './grading-columns.ts';
import type { GradeJournal } from './journal.ts';

export const GRADED_FORMATS = ['jsonl', 'parquet'] as const;
export type GradedFormat = (typeof GRADED_FORMATS)[number];

/** By the ending of the file. @throws StudioError 'usage' */
export function gradedFormatOf(output: string): GradedFormat {
  const ending = path.extname(output).slice(1).toLowerCase();
  const format = GRADED_FORMATS.find((each) => each === ending);
  if (format) return format;
  throw new StudioError('usage', `Grades are written to .jsonl or .parquet, not to "${path.basename(output)}".`, {
    hint: 'Give the output one of these endings.',
  });
}

const FLUSH_CHARS = 2 ** 20;
const LINE_FEED = 10;
/** Of DuckDB, which joins rows and grades in a stream: more only where rows are so long that it does not get by. */
const DUCKDB_MEGABYTES = [80, 300, 1_200] as const;

export interface WriteGradedOptions {
  readonly output: string;
  readonly force: boolean;
  readonly grades: GradeColumns;
  readonly journal: GradeJournal;
  /** A file beside which DuckDB is looked for. */
  readonly duckDbFrom: string;
  readonly signal?: AbortSignal | undefined;
  /** How many rows are written. */
  readonly onRows?: ((rows: number) => void) | undefined;
}

/** @throws StudioError 'already-exists', 'disk-full', 'permission-denied', 'not-available' without DuckDB, 'cancelled' */
export async function writeGraded(dataset: Dataset, options: WriteGradedOptions): Promise<void> {
  const output = await OutputFile.create(options.output, options.force);
  try {
    if (gradedFormatOf(options.output) === 'jsonl') await writeJsonl(dataset, output, options);
    else await writeParquet(dataset, output, options);
    await output.finish();
    options.signal?.throwIfAborted();
    await output.commit();
  } finally {
    await output.discard();
  }
}

async function writeJsonl(
  dataset: Dataset,
  output: OutputFile,
  { grades, journal, signal, onRows }: WriteGradedOptions,
): Promise<void> {
  const names = grades.columns.map(({ name }) => JSON.stringify(name));
  let text = '';
  let row = 0;
  for await (const own of dataset.kind === 'jsonl' ? linesOf(dataset, signal) : objectsOf(dataset, signal)) {
    const cells = grades.cells(await journal.read(row++));
    const added = cells.map((cell, at) => `${names[at]}:${cellJson(cell)}`).join(',');
    text += `${own}${own.endsWith('{') ? '' : ','}${added}}\n`;
    if (text.length < FLUSH_CHARS) continue;
    await output.write(Buffer.from(text));
    text = '';
    onRows?.(row);
  }
  await output.write(Buffer.from(text));
}

/** The rows of JSON Lines as they stand there, without the brace that closes them. */
async function* linesOf(dataset: Dataset, signal: AbortSignal | undefined): AsyncGenerator<string> {
  for (const { path: file } of dataset.files) {
    const source = await openTextBytes(file);
    try {
      for await (const { bytes, offset } of readLineBlocks(source, 0, source.byteLength, signal)) {
        for (let begin = 0; begin < bytes.length; ) {
          const feed = bytes.indexOf(LINE_FEED, begin);
          const end = feed < 0 ? bytes.length : feed;
          const text = decodeText(bytes.subarray(begin, end));
          begin = end + 1;
          if (text !== undefined && parseLine(text, offset).row) yield withoutBrace(text);
        }
      }
    } finally {
      await source.close();
    }
  }
}

const withoutBrace = (text: string): string => text.trim().slice(0, -1).trimEnd();

async function* objectsOf(dataset: Dataset, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const names = sqlNames(dataset.columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  for await (const batch of dataset.read({ start: 0, end: dataset.rowCount, forward: true }, signal)) {
    for (const cells of batch.rows) yield `{${cells.map((cell, at) => `${names[at]}:${cellJson(cell)}`).join(',')}`;
  }
}

async function writeParquet(dataset: Dataset, output: OutputFile, options: WriteGradedOptions): Promise<void> {
  const most = DUCKDB_MEGABYTES.at(-1);
  for (const megabytes of DUCKDB_MEGABYTES) {
    try {
      return await joinGrades(dataset, output, megabytes, options);
    } catch (error) {
      // Nothing has been written by then.
      if (!isOutOfMemory(error) || megabytes === most) throw error;
    }
  }
}

async function joinGrades(
  dataset: Dataset,
  output: OutputFile,
  memoryMegabytes: number,
  { grades, journal, duckDbFrom, signal, onRows }: WriteGradedOptions,
): Promise<void> {
  const limits = { memoryMegabytes, threads: 1 };
  const session = await QuerySession.open(loadDuckDb(duckDbFrom), dataset.name, limits, { signal });
  try {
    const rows = cellsOf(dataset.rowCount, grades, journal);
    await addColumns(session, { columns: grades.columns, rows }, output, {
      signal,
      onProgress: (done) => onRows?.(Math.round(done * dataset.rowCount)),
    });
  } finally {
    session.close();
  }
}

async function* cellsOf(
  rowCount: number,
  grades: GradeColumns,
  journal: GradeJournal,
): AsyncGenerator<readonly OutputCell[]> {
  for (let row = 0; row < rowCount; row++) yield grades.cells(await journal.read(row));
}
