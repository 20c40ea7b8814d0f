/** Statistics of columns, one statement or two for each, which reads that column alone; each is told when it is ready. */

import type { DuckDBConnection, DuckDBMapValue, DuckDBValue } from '@duckdb/node-api';
import { StudioError } from '../errors.ts';
import type { Answering } from './answering.ts';
import { cellOf } from './cells.ts';
import { type CellColumn, isNumeric } from './column-types.ts';
import { countedValues } from './counted-values.ts';
import { lengthOf } from './filter.ts';
import { Parameters } from './identifiers.ts';
import { type LengthCount, lengthStatistics } from './length-statistics.ts';
import type { Cell, ColumnStatistics, StatisticsAnswer, StatisticsRequest } from './questions.ts';
import { whereSql } from './row-order.ts';
import type { QuerySession } from './session.ts';

/** A median of more rows than these is estimated: an exact one keeps every value in memory. */
const EXACT_MEDIAN_ROWS = 5_000_000;
/** Values are counted one by one where there seem to be at most so many different ones. */
const MOST_COUNTED = 1_000_000;
const LABELS = 20;
const TOP = 5;

/** @throws StudioError as a filter does, 'cancelled' */
export async function statistics(
  session: QuerySession,
  { filter, columns = [...session.columns.keys()] }: StatisticsRequest,
  { signal, send }: Answering,
): Promise<StatisticsAnswer> {
  const parameters = new Parameters();
  const where = whereSql(session, filter, parameters);
  const wanted = columns.map((index) => session.column(index));
  return session.ask({ signal }, async (connection) => {
    const scope: Scope = { session, connection, where, values: parameters.values };
    for (const [done, column] of wanted.entries()) {
      const found = await columnStatistics(scope, column, columns[done]!);
      await send(found);
      await send({ kind: 'progress', done: (done + 1) / wanted.length });
    }
    const [rows] = await firstRow(scope, `SELECT count(*) FROM cells${where}`);
    return { rows: Number(rows) };
  });
}

export interface Scope {
  readonly session: QuerySession;
  readonly connection: DuckDBConnection;
  /** ` WHERE ...`, or nothing. */
  readonly where: string;
  readonly values: string[];
}

async function columnStatistics(scope: Scope, column: CellColumn, index: number): Promise<ColumnStatistics> {
  const summary = await summarise(scope, column);
  const present = summary.rows - summary.nulls;
  const counted =
    summary.distinct !== null && present > 0 && summary.distinct <= MOST_COUNTED
      ? await countedValues(scope, column, LABELS, TOP)
      : undefined;
  const repeated = counted !== undefined && counted.distinct <= LABELS && counted.distinct < present;
  return {
    kind: 'column',
    column: index,
    rows: summary.rows,
    nulls: summary.nulls,
    empty: summary.lengths && (summary.lengths.find(({ length }) => length === 0)?.count ?? 0),
    distinct:
      summary.distinct === null
        ? null
        : { count: counted?.distinct ?? summary.distinct, approximate: counted === undefined && present > 0 },
    range: summary.range,
    moments: summary.moments,
    lengths: summary.lengths && lengthStatistics(summary.lengths, lengthUnit(column)),
    top: counted ? counted.values.slice(0, TOP) : present === 0 ? [] : null,
    labels: repeated ? counted.values : null,
  };
}

interface Summary {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number | null;
  readonly range: ColumnStatistics['range'];
  readonly moments: ColumnStatistics['moments'];
  readonly lengths: LengthCount[] | null;
}

async function summarise(scope: Scope, column: CellColumn): Promise<Summary> {
  const exactMedian = scope.session.source.rowCount <= EXACT_MEDIAN_ROWS;
  let row: DuckDBValue[];
  try {
    row = await firstRow(scope, summarySql(scope, column, exactMedian, 'stddev_samp'));
  } catch (error) {
    // Squares of very large numbers are infinite, which DuckDB refuses to say.
    if (!(error instanceof Error && error.message.includes('out of range'))) throw error;
    row = await firstRow(scope, summarySql(scope, column, exactMedian, undefined));
  }
  const [rows, present, distinct, least, most, mean, median, sd, histogram] = row;
  return {
    rows: Number(rows),
    nulls: Number(rows) - Number(present),
    distinct: distinct === null ? null : Number(distinct),
    range: least === null ? null : { min: shown(scope, column, least!), max: shown(scope, column, most!) },
    moments:
      mean === null
        ? null
        : {
            mean: Number(mean),
            median: Number(median),
            medianApproximate: !exactMedian,
            sd: sd === null ? null : Number(sd),
          },
    lengths: lengthOf(column) === undefined ? null : lengthCounts(histogram ?? null),
  };
}

/** One row: rows, rows that are not null, distinct, min, max, mean, median, standard deviation, counts by length. */
export function summarySql(
  { where }: Pick<Scope, 'where'>,
  column: CellColumn,
  exactMedian: boolean,
  deviation: string | undefined,
): string {
  const { cell, family } = column;
  const ranged = isNumeric(family) || family === 'time';
  const real = family === 'float' ? ` FILTER (WHERE NOT isnan(${cell}))` : '';
  const finite = family === 'float' ? ` FILTER (WHERE isfinite(${cell}))` : '';
  const moment = (sql: string) => (isNumeric(family) ? `${sql}${finite}` : 'NULL');
  const double = `CAST(${cell} AS DOUBLE)`;
  const length = lengthOf(column);
  const parts = [
    'count(*)',
    `count(${cell})`,
    family === 'other' ? 'NULL' : `approx_count_distinct(${cell})`,
    ranged ? `min(${cell})${real}` : 'NULL',
    ranged ? `max(${cell})${real}` : 'NULL',
    moment(`avg(${double})`),
    moment(exactMedian ? `median(${double})` : `approx_quantile(${double}, 0.5)`),
    deviation === undefined ? 'NULL' : moment(`${deviation}(${double})`),
    length === undefined ? 'NULL' : `histogram(${length})`,
  ];
  return `SELECT ${parts.join(', ')} FROM cells${where}`;
}

function shown({ session }: Scope, column: CellColumn, value: DuckDBValue): Cell {
  return cellOf(session.duckDb, value, column.type);
}

export const lengthUnit = ({ family }: CellColumn) =>
  family === 'text' ? 'characters' : family === 'binary' ? 'bytes' : 'items';

/** @param histogram DuckDB's, null where there is no length */
export function lengthCounts(histogram: DuckDBValue): LengthCount[] {
  if (histogram === null) return [];
  const { entries } = histogram as DuckDBMapValue;
  return entries
    .map(({ key, value }) => ({ length: Number(key), count: Number(value) }))
    .sort((a, b) => a.length - b.length);
}

export async function firstRow({ connection, values }: Scope, sql: string): Promise<DuckDBValue[]> {
  const [row] = (await connection.runAndReadAll(sql, values)).getRows();
  if (!row) throw new StudioError('not-available', 'DuckDB gave no answer.');
  return row;
}
