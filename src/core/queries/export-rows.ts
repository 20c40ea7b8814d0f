/**
 * Writes rows of a question to a file. DuckDB, which runs a person's SQL, may write into its private folder only; the
 * finished file is brought to the path that the person chose by our own code, under a temporary name until it is whole.
 */

import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { OutputFile } from '../datasets/writers/output-file.ts';
import { StudioError } from '../errors.ts';
import { type Answering, withProgress } from './answering.ts';
import { refuseAborted } from './connections.ts';
import { exportedValue } from './exported-values.ts';
import { Parameters, quoteIdentifier, quoteText, sqlNames } from './identifiers.ts';
import type { ExportAnswer, ExportFormat, ExportRequest, ExportSource } from './questions.ts';
import { rowOrderSql } from './row-order.ts';
import { prepareSelect } from './select.ts';
import type { QuerySession } from './session.ts';

/** Row groups small enough that a viewer finds a few rows fast. */
const ROW_GROUP_ROWS = 10_240;
export const parquetOptions = (rows = ROW_GROUP_ROWS): string =>
  `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rows}`;
const FORMATS: Readonly<Record<ExportFormat, string>> = {
  parquet: parquetOptions(),
  jsonl: 'FORMAT json',
  csv: 'FORMAT csv, HEADER true',
};

/** The result of a person's SQL, known to the connection that writes it. */
const RESULT_VIEW = 'exported_result';

let exports = 0;

/** @throws StudioError 'already-exists' unless `replace`; 'permission-denied', 'disk-full', 'usage', 'cancelled' */
export async function exportRows(
  session: QuerySession,
  request: ExportRequest,
  answering: Answering,
): Promise<ExportAnswer> {
  const { format, source, replace = false } = request;
  const target = path.resolve(request.path);
  session.refuseOwnFile(target);
  const output = await createOutput(target, replace);
  const made = path.join(session.exportFolder, `${exports++}.${format}`);
  try {
    const rows = await session.ask(withProgress(answering), async (connection) => {
      const { sql, values } = await exportedRows(session, connection, source, format);
      const copy = `COPY (${sql}) TO ${quoteText(made)} (${FORMATS[format]}, USE_TMP_FILE false)`;
      const result = await connection.runAndReadAll(copy, values);
      return Number(result.getRows()[0]?.[0] ?? 0);
    });
    for await (const bytes of createReadStream(made, { highWaterMark: 2 ** 20 })) {
      refuseAborted(answering.signal);
      await output.write(bytes);
    }
    await output.finish();
    const { size } = await stat(made);
    await output.commit();
    return { rows, bytes: size };
  } finally {
    await output.discard();
    await rm(made, { force: true });
  }
}

async function createOutput(target: string, replace: boolean): Promise<OutputFile> {
  try {
    return await OutputFile.create(target, replace);
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'already-exists')) throw error;
    throw new StudioError('already-exists', 'The file already exists.', {
      where: { file: target },
      hint: 'Choose another name, or agree to replace it.',
      cause: error,
    });
  }
}

async function exportedRows(
  session: QuerySession,
  connection: DuckDBConnection,
  source: ExportSource,
  format: ExportFormat,
): Promise<{ sql: string; values: string[] }> {
  const selected = (columns: readonly { name: string; type: DuckDBType; sql: string }[]) =>
    columns
      .map(({ name, type, sql }) => `${exportedValue(session.duckDb, format, type, sql)} AS ${quoteIdentifier(name)}`)
      .join(', ');
  if (source.kind === 'rows') {
    const columns = session.columns.map(({ sqlName, type, cell }) => ({ name: sqlName, type, sql: cell }));
    const { sql, parameters } = rowOrderSql(session, source, selected(columns));
    return { sql, values: parameters.values };
  }
  const statement = await prepareSelect(session, connection, source.sql);
  const indexes = Array.from({ length: statement.columnCount }, (_, index) => index);
  const names = sqlNames(indexes.map((index) => statement.columnName(index)));
  const types = indexes.map((index) => statement.columnType(index));
  statement.destroySync();
  // At the end of a statement of its own, where nothing of ours can be closed, commented out or followed by another.
  const view = `CREATE OR REPLACE TEMP VIEW ${RESULT_VIEW}(${indexes.map((index) => `v${index}`).join(', ')}) AS\n${source.sql}`;
  if ((await connection.extractStatements(view)).count !== 1) {
    throw new StudioError('usage', 'One statement can be exported at a time.');
  }
  await connection.run(view);
  const columns = indexes.map((index) => ({ name: names[index]!, type: types[index]!, sql: `v${index}` }));
  return { sql: `SELECT ${selected(columns)} FROM ${RESULT_VIEW}`, values: new Parameters().values };
}
