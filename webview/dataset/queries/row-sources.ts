/** Sources of the grid: the rows of the dataset as they are, and those that a filter left or a sort put in order. */

import type { Column } from '../../../src/core/datasets/dataset.ts';
import type { GridSource } from '../grid/grid-source.ts';
import type { Host } from '../host.ts';
import type { RowNumbers } from './row-numbers.ts';

export function allRows(host: Host, columns: readonly Column[], rowCount: number): GridSource {
  return {
    columns,
    rowCount,
    rowAt: (position) => position,
    positionOf: (row) => (row < rowCount ? row : undefined),
    cells: (request, signal) => host.rows(request, signal),
  };
}

/** @param ascending whether the rows are in the order of the file */
export function someRows(host: Host, columns: readonly Column[], rows: RowNumbers, ascending: boolean): GridSource {
  return {
    columns,
    rowCount: rows.length,
    rowAt: (position) => rows.at(position) ?? 0,
    positionOf(row) {
      if (!ascending) return rows.indexOf(row);
      const position = rows.countBefore(row);
      return rows.at(position) === row ? position : undefined;
    },
    async cells({ start, end, ...columnsAsked }, signal) {
      const wanted: number[] = [];
      for (let position = start; position < end; position++) wanted.push(rows.at(position) ?? 0);
      const page = await host.rowsAt({ rows: wanted, ...columnsAsked }, signal);
      return page.ok ? { ok: true, value: { ...page.value, start } } : page;
    },
  };
}
