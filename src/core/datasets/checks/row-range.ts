/** What one thread does for a run of checks: it reads a range of rows, and says what the checks have seen of them. */

import type { MethodId } from '../../methods/method.ts';
import type { Column, Reopening } from '../dataset.ts';
import type { Binding } from '../formats/binding.ts';
import { BoundFormat } from '../formats/bound-format.ts';
import { SHAPES } from '../formats/shapes.ts';
import { reopenDataset } from '../open.ts';
import { FlatLines } from '../readers/flat-lines.ts';
import { type GatheredPart, JsonlGatherer } from '../readers/jsonl-index.ts';
import { cellsOf, type ParsedLine, readLineBlocksForward } from '../readers/jsonl-lines.ts';
import { openTextBytes } from '../readers/text-bytes.ts';
import { TextColumns } from '../readers/text-columns.ts';
import { CHECKS } from './registry.ts';
import { type PackedPass, RowPass } from './row-pass.ts';

/** Which checks, and by which shape rows are read; all of it plain data. */
export interface PassOptions {
  readonly method: MethodId;
  readonly checks: readonly string[];
  readonly shape: string;
  readonly binding: Binding;
  readonly columns: readonly Column[];
}

/** Rows of a dataset whose rows have been found. */
export interface RowsOfDataset {
  readonly kind: 'rows';
  readonly name: string;
  readonly files: readonly Reopening[];
  readonly start: number;
  readonly end: number;
}

/** Lines of a JSONL file whose rows are to be found on the way: those that begin at or after `start` and before `end`. */
export interface LinesOfFile {
  readonly kind: 'lines';
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface RangeRequest {
  readonly pass: PassOptions;
  readonly range: RowsOfDataset | LinesOfFile;
}

export interface RangeResult {
  readonly pass: PackedPass;
  /** Of lines. */
  readonly gathered?: GatheredPart;
}

/** How far a range is: rows read, and of lines the bytes they take. */
export type TellRead = (rows: number, bytes: number) => void;

export async function readRange({ pass: options, range }: RangeRequest, tell: TellRead): Promise<RangeResult> {
  const shape = SHAPES.find(({ id }) => id === options.shape)!;
  const declarations = options.checks.map((id) => CHECKS.find((check) => check.id === id)!);
  const format = new BoundFormat(shape, options.binding, options.columns);
  const pass = await RowPass.start(declarations, { method: options.method, gathers: true }, format, options.columns);
  if (range.kind === 'rows') {
    await readRows(range, pass, tell);
    return { pass: pass.pack() };
  }
  const gathered = await readLines(range, pass, options.columns, tell);
  return { pass: pass.pack(), gathered };
}

async function readRows({ name, files, start, end }: RowsOfDataset, pass: RowPass, tell: TellRead): Promise<void> {
  const dataset = await reopenDataset(name, files);
  try {
    const columns = new TextColumns();
    const places = pass.columns.map((_, place) => place);
    const range = { start, end, columns: pass.columns, forward: true, texts: pass.takesTexts };
    for await (const batch of dataset.read(range)) {
      const first = batch.start - start;
      if (batch.texts) {
        columns.load(batch.texts);
        for (let offset = 0; offset < batch.texts.rows; offset++) {
          const known = columns.row(offset);
          if (!pass.seeTexts(first + offset, known, places)) pass.see(first + offset, batch.rows[offset]!);
        }
      } else {
        for (const [offset, cells] of batch.rows.entries()) pass.see(first + offset, cells);
      }
      tell(batch.texts?.rows ?? batch.rows.length, 0);
    }
  } finally {
    await dataset.close();
  }
}

async function readLines(
  { file, start, end }: LinesOfFile,
  pass: RowPass,
  columns: readonly Column[],
  tell: TellRead,
): Promise<GatheredPart> {
  const gatherer = new JsonlGatherer(file, start === 0);
  const names = pass.columns.map((column) => columns[column]!.name);
  const lines = new FlatLines();
  const source = await openTextBytes(file);
  let row = 0;
  let like: ParsedLine['like'];
  let places: readonly number[] = [];
  try {
    for await (const block of readLineBlocksForward(source, start, end)) {
      const before = row;
      for (const line of lines.parse(block)) {
        gatherer.see(line);
        if (pass.takesTexts && line.known && line.like) {
          if (line.like !== like) {
            like = line.like;
            places = names.map((name) => line.like!.keys.indexOf(name));
          }
          if (pass.seeTexts(row, line.known, places)) {
            row++;
            continue;
          }
        }
        if (line.row) pass.see(row++, cellsOf(line.row, names), line.known);
      }
      tell(row - before, block.bytes.length);
    }
  } finally {
    await source.close();
  }
  return gatherer.part();
}
