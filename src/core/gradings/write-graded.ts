/** Writes the rows of a file with their grades beside them. What the rows have stays as it is. */

import path from 'node:path';
import { cellJson } from '../datasets/cell-json.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Kind, kindOf, OtherKind } from '../datasets/kinds.ts';
import { decodeText, parseLine, readLineBlocks } from '../datasets/readers/jsonl-lines.ts';
import { openTextBytes } from '../datasets/readers/text-bytes.ts';
import { OutputFile } from '../datasets/writers/output-file.ts';
import { StudioError } from '../errors.ts';
import { sqlNames } from '../queries/identifiers.ts';
import type { GradeColumns } from './grading-columns.ts';
import type { GradeJournal } from './journal.ts';
import { writeGradedParquet } from './write-graded-parquet.ts';

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

/**
 * Looked at before anything is graded.
 * @throws StudioError 'usage', 'unsupported-file'
 */
export function refuseFormat(dataset: Dataset, output: string): void {
  if (gradedFormatOf(output) !== 'parquet' || dataset.kind !== 'arrow') return;
  throw new StudioError('unsupported-file', 'An Arrow file is not written to Parquet with the types that it has.', {
    where: { file: dataset.name },
    hint: 'Name an output that ends with .jsonl, or convert the file to Parquet first and grade that.',
  });
}

const FLUSH_CHARS = 2 ** 20;
const LINE_FEED = 10;

export interface WriteGradedOptions {
  readonly output: string;
  readonly force: boolean;
  readonly grades: GradeColumns;
  readonly journal: GradeJournal;
  readonly signal?: AbortSignal | undefined;
  /** How many rows are written. */
  readonly onRows?: ((rows: number) => void) | undefined;
}

/** @throws StudioError 'already-exists', 'disk-full', 'permission-denied', 'unsupported-file', 'cancelled' */
export async function writeGraded(dataset: Dataset, options: WriteGradedOptions): Promise<void> {
  const kinds = dataset.columns.map(kindOf);
  for (;;) {
    try {
      return await writeOnce(dataset, kinds, options);
    } catch (error) {
      if (!(error instanceof OtherKind)) throw error;
      kinds[error.column] = error.kind;
    }
  }
}

/** @throws OtherKind where a column holds what it was not taken for */
async function writeOnce(dataset: Dataset, kinds: readonly Kind[], options: WriteGradedOptions): Promise<void> {
  const output = await OutputFile.create(options.output, options.force);
  try {
    if (gradedFormatOf(options.output) === 'jsonl') await writeJsonl(dataset, output, options);
    else await writeGradedParquet(dataset, kinds, output, options);
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
