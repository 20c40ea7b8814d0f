/** A person's SELECT over `data`: its first rows as they come, and how many there are in all. */

import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { StudioError } from '../errors.ts';
import { type Answering, withProgress } from './answering.ts';
import { cellRows } from './cells.ts';
import { typeName } from './column-types.ts';
import type { SelectAnswer, SelectRequest } from './questions.ts';
import { chunksOf } from './row-numbers.ts';
import { guardSelect } from './select-guard.ts';
import type { QuerySession } from './session.ts';

const MOST_SENT = 100_000;

/** @throws StudioError 'usage' for SQL that is refused or wrong, 'cancelled' */
export async function select(
  session: QuerySession,
  { sql, limit }: SelectRequest,
  answering: Answering,
): Promise<SelectAnswer> {
  const { duckDb } = session;
  const { signal, send } = answering;
  const wanted = Math.max(0, Math.min(MOST_SENT, Math.trunc(limit)));
  return session.ask(withProgress(answering), async (connection) => {
    const started = performance.now();
    const statement = await prepareSelect(session, connection, sql);
    try {
      const result = await statement.stream();
      const types = result.columnTypes();
      const names = result.columnNames();
      await send({
        kind: 'columns',
        columns: types.map((type, index) => ({ name: names[index]!, type: typeName(type) })),
      });
      let rows = 0;
      let sent = 0;
      for await (const chunk of chunksOf(result, signal)) {
        rows += chunk.rowCount;
        if (sent >= wanted) continue;
        const page = cellRows(duckDb, chunk, types).slice(0, wanted - sent);
        sent += page.length;
        await send({ kind: 'cells', rows: page });
      }
      return { rows, truncated: sent < rows, milliseconds: performance.now() - started };
    } finally {
      statement.destroySync();
    }
  });
}

/** The statement, checked twice: by its tree, and by what DuckDB says it is. */
export async function prepareSelect(
  { duckDb }: QuerySession,
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  await guardSelect(connection, sql);
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new StudioError('usage', 'One statement can be asked at a time.');
  const statement = await statements.prepare(0);
  const fault =
    statement.statementType !== duckDb.StatementType.SELECT
      ? 'Only a SELECT can be asked.'
      : statement.parameterCount > 0
        ? 'The statement has parameters, which nobody could give values: write them out.'
        : undefined;
  if (fault === undefined) return statement;
  statement.destroySync();
  throw new StudioError('usage', fault);
}
