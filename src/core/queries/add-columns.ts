/** Writes all rows of a dataset to a Parquet file with columns added to them; DuckDB keeps the types of the others. */

import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { OutputCell, OutputColumn } from '../datasets/writers/columns.ts';
import { OutputFile } from '../datasets/writers/output-file.ts';
import { parquetRecordWriter } from '../datasets/writers/parquet.ts';
import { type Asking, refuseAborted } from './connections.ts';
import { parquetOptions } from './export-rows.ts';
import { quoteIdentifier, quoteText } from './identifiers.ts';
import type { QuerySession } from './session.ts';

export interface AddedColumns {
  /** None of them has the name of a column of the dataset. */
  readonly columns: readonly OutputColumn[];
  /** As many as the dataset has, in their order. */
  readonly rows: AsyncIterable<readonly OutputCell[]>;
}

const COPIED_BYTES = 2 ** 20;
const ROW_NUMBER = 'r';
/** DuckDB holds a group while it writes it. */
const ROW_GROUP_ROWS = 2_048;

/**
 * @param output gets the bytes; its owner finishes and commits it
 * @throws StudioError 'disk-full', 'cancelled'; a plain error where rows and cells do not belong together
 */
export async function addColumns(
  session: QuerySession,
  { columns, rows }: AddedColumns,
  output: OutputFile,
  asking: Asking,
): Promise<void> {
  const added = path.join(session.exportFolder, 'added.parquet');
  const made = path.join(session.exportFolder, 'made.parquet');
  try {
    await writeAdded(added, columns, rows, asking.signal);
    const own = session.columns.map(({ cell, sqlName }) => `cells.${cell} AS ${quoteIdentifier(sqlName)}`);
    // Both are read in their order, and so nothing has to be sorted or held; that they fit is looked at in every row.
    const fits = `CASE WHEN cells.r = added.${ROW_NUMBER}`;
    const misfit = `ELSE error('the rows are in another order') END`;
    const others = columns.map(
      ({ name }, index) => `${fits} THEN added.c${index} ${misfit} AS ${quoteIdentifier(name)}`,
    );
    const copy = `COPY (SELECT ${[...own, ...others].join(', ')} FROM cells POSITIONAL JOIN read_parquet(${quoteText(added)}) AS added) TO ${quoteText(made)} (${parquetOptions(ROW_GROUP_ROWS)}, USE_TMP_FILE false)`;
    await session.ask(asking, (connection) => connection.run(copy));
    await copyInto(output, made, asking.signal);
  } finally {
    await Promise.all([added, made].map((file) => rm(file, { force: true })));
  }
}

async function writeAdded(
  file: string,
  columns: readonly OutputColumn[],
  rows: AsyncIterable<readonly OutputCell[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const output = await OutputFile.create(file, false);
  try {
    const named = columns.map(({ type }, index) => ({ name: `c${index}`, type }));
    const writer = parquetRecordWriter<readonly OutputCell[]>(
      output,
      {
        columns: [{ name: ROW_NUMBER, type: 'int' }, ...named],
        cells: (cells, { index }) => [index, ...cells],
      },
      'data',
    );
    for await (const cells of rows) {
      refuseAborted(signal);
      await writer.write(cells);
    }
    await writer.finish();
    await output.finish();
    await output.commit();
  } finally {
    await output.discard();
  }
}

/** By one buffer: those of a stream pile up until they are collected. */
async function copyInto(output: OutputFile, file: string, signal: AbortSignal | undefined): Promise<void> {
  const source = await open(file);
  try {
    const buffer = Buffer.allocUnsafe(COPIED_BYTES);
    for (;;) {
      refuseAborted(signal);
      const { bytesRead } = await source.read(buffer, 0, COPIED_BYTES);
      if (bytesRead === 0) return;
      await output.write(buffer.subarray(0, bytesRead));
    }
  } finally {
    await source.close();
  }
}
