/** How the values of columns are distributed: counts over bins of equal width, of numbers or of lengths. */

import type { Answering } from './answering.ts';
import { type CellColumn, isNumeric } from './column-types.ts';
import { lengthOf } from './filter.ts';
import { Parameters } from './identifiers.ts';
import { binnedLengths } from './length-statistics.ts';
import type { BinScale, ColumnDistribution, DistributionsAnswer, DistributionsRequest } from './questions.ts';
import { whereSql } from './row-order.ts';
import type { QuerySession } from './session.ts';
import { firstRow, lengthCounts, lengthUnit, type Scope } from './statistics.ts';

const MOST_BINS = 30;

/** Columns without numbers and lengths have no distribution. @throws StudioError as a filter does, 'cancelled' */
export async function distributions(
  session: QuerySession,
  { filter, columns = [...session.columns.keys()], scales = [] }: DistributionsRequest,
  { signal, send }: Answering,
): Promise<DistributionsAnswer> {
  const parameters = new Parameters();
  const where = whereSql(session, filter, parameters);
  const given = new Map(scales.map((scale) => [scale.column, scale]));
  return session.ask({ signal }, async (connection) => {
    const scope: Scope = { session, connection, where, values: parameters.values };
    let known = 0;
    for (const index of columns) {
      const column = session.column(index);
      const bins = await binsOf(scope, column, given.get(index));
      if (!bins) continue;
      const of = isNumeric(column.family) ? 'values' : lengthUnit(column);
      await send({ kind: 'distribution', column: index, of, ...bins });
      known++;
    }
    return { columns: known };
  });
}

type Bins = Pick<ColumnDistribution, 'min' | 'max' | 'binWidth' | 'bins'>;

async function binsOf(scope: Scope, column: CellColumn, given: BinScale | undefined): Promise<Bins | undefined> {
  const value = isNumeric(column.family) ? `CAST(${column.cell} AS DOUBLE)` : lengthOf(column);
  if (value === undefined) return undefined;
  if (given) return counted(scope, value, given);
  // Lengths are counted in one pass, as it is the texts that take long to read.
  if (!isNumeric(column.family)) {
    const [histogram] = await firstRow(scope, `SELECT histogram(${value}) FROM cells${scope.where}`);
    return binnedLengths(lengthCounts(histogram ?? null));
  }
  const [least, most] = await firstRow(scope, `SELECT min(v), max(v) FROM (${finite(scope, value)})`);
  if (typeof least !== 'number' || typeof most !== 'number') return undefined;
  return counted(scope, value, scaleOf(least, most, column.family === 'integer'));
}

type Scale = Omit<BinScale, 'column'>;

function scaleOf(min: number, max: number, whole: boolean): Scale {
  if (min === max) return { min, max, binWidth: 1, count: 1 };
  // Divided first: the difference of two large numbers may be infinite.
  if (!whole) return { min, max, binWidth: max / MOST_BINS - min / MOST_BINS, count: MOST_BINS };
  const binWidth = Math.max(1, Math.ceil((max - min + 1) / MOST_BINS));
  return { min, max, binWidth, count: Math.floor((max - min) / binWidth) + 1 };
}

async function counted({ connection, ...scope }: Scope, value: string, scale: Scale): Promise<Bins> {
  const [min, max, binWidth, count] = [scale.min, scale.max, scale.binWidth, scale.count].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  // Halves, as a difference of whole values may be infinite.
  const bin = `CAST(least(${count - 1}, greatest(0, floor((v / 2 - ${min / 2}) / ${binWidth / 2}))) AS INTEGER)`;
  const sql = `SELECT ${bin}, count(*) FROM (${finite(scope, value)}) GROUP BY 1`;
  const bins = Array.from({ length: count }, () => 0);
  for (const [at, times] of (await connection.runAndReadAll(sql, scope.values)).getRows()) {
    bins[Number(at)] = Number(times);
  }
  return { min, max, binWidth, bins };
}

const finite = ({ where }: Pick<Scope, 'where'>, value: string): string =>
  `SELECT v FROM (SELECT CAST(${value} AS DOUBLE) AS v FROM cells${where}) WHERE isfinite(v)`;
