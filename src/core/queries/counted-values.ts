/** The most frequent values of a column, counted exactly. */

import type { CellColumn } from './column-types.ts';
import { type CountedValue, SHOWN_VALUE_CHARS } from './questions.ts';
import type { QuerySession } from './session.ts';
import { rangesOf } from './source-rows.ts';
import type { Scope } from './statistics.ts';

/**
 * Values are told apart by DuckDB's 64-bit hash: among a million different ones, two are taken for one with a
 * probability below 3e-8. The values themselves, which may be long, are read from the first row of each.
 * @param most all values are given where there are at most so many different ones
 * @param mostOfMany so many otherwise, and only of those that repeat
 */
export async function countedValues(
  { session, connection, where, values }: Scope,
  column: CellColumn,
  most: number,
  mostOfMany: number,
): Promise<{ distinct: number; values: CountedValue[] }> {
  const result = await connection.runAndReadAll(countsSql(column, where, most), values);
  const found = result.getRows().map(([distinct, count, row]) => ({
    distinct: Number(distinct),
    count: Number(count),
    row: Number(row),
  }));
  const distinct = found[0]?.distinct ?? 0;
  const shown = distinct <= most ? found : found.filter(({ count }) => count > 1).slice(0, mostOfMany);
  const texts = await textsOf(
    session,
    column,
    shown.map(({ row }) => row),
    async (sql) => (await connection.runAndReadAll(sql)).getRows(),
  );
  return {
    distinct,
    values: shown.map(({ row, count }) => ({ ...texts.get(row)!, count })),
  };
}

export function countsSql({ cell }: CellColumn, where: string, most: number): string {
  const present =
    where === '' ? ` WHERE ${cell} IS NOT NULL` : `${where.replace(' WHERE ', ' WHERE (')}) AND ${cell} IS NOT NULL`;
  const groups = `SELECT count(*) AS n, min(r) AS first FROM cells${present} GROUP BY hash(${cell})`;
  return `SELECT count(*) OVER (), n, first FROM (${groups}) ORDER BY n DESC, first LIMIT ${most}`;
}

async function textsOf(
  { source }: QuerySession,
  { cell, family }: CellColumn,
  rows: readonly number[],
  run: (sql: string) => Promise<unknown[][]>,
): Promise<Map<number, { value: string; chars: number }>> {
  if (rows.length === 0) return new Map();
  const { from } = source.window(rangesOf(source, rows));
  const text = family === 'binary' ? `'0x' || hex(${cell})` : `CAST(${cell} AS VARCHAR)`;
  const wanted = `r IN (${rows.join(', ')})`;
  const sql = `SELECT r, left(t, ${SHOWN_VALUE_CHARS}), length(t) FROM (SELECT r, ${text} AS t FROM ${from} WHERE ${wanted})`;
  const found = await run(sql);
  return new Map(found.map(([row, value, chars]) => [Number(row), { value: String(value), chars: Number(chars) }]));
}
