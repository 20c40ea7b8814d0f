/** Rows with their grades beside them, as Parquet. */

import type { SchemaElement } from 'hyparquet';
import type { Dataset } from '../datasets/dataset.ts';
import { type Kind, storedValue } from '../datasets/kinds.ts';
import type { OutputCell } from '../datasets/writers/columns.ts';
import { extendParquet } from '../datasets/writers/extend-parquet.ts';
import type { OutputFile } from '../datasets/writers/output-file.ts';
import { type ParquetCell, parquetRowWriter } from '../datasets/writers/parquet.ts';
import { parquetSchema } from '../datasets/writers/parquet-schema.ts';
import { sqlNames } from '../queries/identifiers.ts';
import type { GradeColumns } from './grading-columns.ts';
import type { GradeJournal } from './journal.ts';
import type { WriteGradedOptions } from './write-graded.ts';

/**
 * @param kinds of the columns of a text file; a Parquet file's stay as they are
 * @throws OtherKind where a column holds what it was not taken for; StudioError as `writeGraded`
 */
export async function writeGradedParquet(
  dataset: Dataset,
  kinds: readonly Kind[],
  output: OutputFile,
  options: WriteGradedOptions,
): Promise<void> {
  const { grades, journal, signal, onRows } = options;
  if (dataset.kind !== 'parquet') return writeTyped(dataset, kinds, output, options);
  const rows = cellsOf(dataset.rowCount, grades, journal);
  const files = dataset.files.map(({ path: file }) => file);
  await extendParquet(files, { columns: grades.columns, rows }, output, { signal, onRows });
}

const text = new TextEncoder();
/** Whoever grades has a model and threads in memory as well. */
const GROUP_CHARS = 4 * 2 ** 20;

/** The rows of text files, whose columns get the types of their values; what is nested or mixed is JSON. */
async function writeTyped(
  dataset: Dataset,
  kinds: readonly Kind[],
  output: OutputFile,
  { grades, journal, signal, onRows }: WriteGradedOptions,
): Promise<void> {
  const own = sqlNames(dataset.columns.map(({ name }) => name));
  const [root, ...added] = parquetSchema(grades.columns);
  const elements = kinds.map((kind, column) => ({
    name: own[column]!,
    repetition_type: 'OPTIONAL' as const,
    ...TYPES[kind],
  }));
  const schema = [{ ...root!, num_children: root!.num_children! + own.length }, ...elements, ...added];
  const names = [...own, ...grades.columns.map(({ name }) => name)];
  const writer = parquetRowWriter(output, schema, names, GROUP_CHARS);
  for await (const { start, rows } of dataset.read({ start: 0, end: dataset.rowCount, forward: true }, signal)) {
    for (const [index, cells] of rows.entries()) {
      const stored = kinds.map((kind, column) => parquetCell(kind, cells[column], column));
      await writer.write([...stored, ...grades.cells(await journal.read(start + index))]);
    }
    onRows?.(start + rows.length);
  }
  await writer.finish();
}

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  // Parquet has no integer of so many bits.
  huge: { type: 'DOUBLE' },
  float: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  json: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
} as const satisfies Record<Kind, Omit<SchemaElement, 'name'>>;

function parquetCell(kind: Kind, value: unknown, column: number): ParquetCell {
  const stored = storedValue(kind, value, column);
  if (stored === null) return null;
  if (kind === 'json') return text.encode(stored as string);
  return kind === 'huge' ? Number(stored) : stored;
}

async function* cellsOf(
  rowCount: number,
  grades: GradeColumns,
  journal: GradeJournal,
): AsyncGenerator<readonly OutputCell[]> {
  for (let row = 0; row < rowCount; row++) yield grades.cells(await journal.read(row));
}
