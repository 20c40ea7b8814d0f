/** Which rows, in which order: a filter and a sort answered with row numbers, whose cells the reader then shows. */

import { type Answering, withProgress } from './answering.ts';
import { filterSql } from './filter.ts';
import { parseFilter } from './filter-schema.ts';
import { Parameters } from './identifiers.ts';
import type { Filter, RowOrderAnswer, RowOrderRequest } from './questions.ts';
import { gatheredRowNumbers } from './row-numbers.ts';
import type { QuerySession } from './session.ts';

/** @throws StudioError 'usage' for a filter that does not suit the columns, 'missing-column', 'cancelled' */
export async function rowOrder(
  session: QuerySession,
  request: RowOrderRequest,
  answering: Answering,
): Promise<RowOrderAnswer> {
  const { signal, send } = answering;
  const { sql, parameters } = rowOrderSql(session, request);
  return session.ask(withProgress(answering), async (connection) => {
    const result = await connection.stream(sql, parameters.values);
    let rows = 0;
    let taken = Promise.resolve();
    for await (const numbers of gatheredRowNumbers(result, signal)) {
      rows += numbers.length;
      // The next piece is gathered while this one is on its way.
      await taken;
      taken = send({ kind: 'rows', rows: numbers });
      taken.catch(() => {});
    }
    await taken;
    return { rows };
  });
}

export function rowOrderSql(session: QuerySession, { filter, sort = [] }: RowOrderRequest, selected = 'r') {
  const parameters = new Parameters();
  const where = whereSql(session, filter, parameters);
  const keys = sort.map(({ column, descending = false }) => {
    return `${session.column(column).cell} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
  });
  // DuckDB keeps the file's order where it is not asked for another.
  const order = keys.length === 0 ? '' : ` ORDER BY ${[...keys, 'r'].join(', ')}`;
  return { sql: `SELECT ${selected} FROM cells${where}${order}`, parameters };
}

/** ` WHERE ...`, or nothing. */
export function whereSql(session: QuerySession, filter: Filter | undefined, parameters: Parameters): string {
  if (filter === undefined) return '';
  const context = { duckDb: session.duckDb, parameters, column: (index: number) => session.column(index) };
  return ` WHERE ${filterSql(parseFilter(filter), context)}`;
}
