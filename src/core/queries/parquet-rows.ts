/** Parquet files as the view `cells`: the row number and the columns by position, read by DuckDB from the files themselves. */

import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { Dataset } from '../datasets/dataset.ts';
import { StudioError } from '../errors.ts';
import { duckDbMessage } from './duckdb.ts';
import { quoteText } from './identifiers.ts';
import type { RowUnit, SourceRows } from './source-rows.ts';

/**
 * @param files the dataset's files as DuckDB is allowed to open them
 * @throws StudioError 'unsupported-file' where DuckDB reads a file of ours not, or with other columns
 */
export async function parquetRows(
  connection: DuckDBConnection,
  dataset: Dataset,
  files: readonly string[],
): Promise<SourceRows> {
  const types = await columnTypes(connection, dataset, files);
  const cells = types.map((_, index) => `c${index}`);
  const scan = (from: readonly string[]) =>
    `read_parquet([${from.map(quoteText).join(', ')}]) AS t(${cells.join(', ')})`;
  const starts: number[] = [];
  let rows = 0;
  for (const file of dataset.files) {
    starts.push(rows);
    rows += file.rowCount;
  }
  const rowNumber =
    files.length === 1
      ? 'file_row_number'
      : `file_row_number + ([${starts.join(', ')}])[CAST(file_index AS BIGINT) + 1]`;
  await connection.run(`CREATE VIEW cells AS SELECT CAST(${rowNumber} AS UINTEGER) AS r, * FROM ${scan(files)}`);

  // A window names its files itself: through the view DuckDB could not tell which row groups to skip.
  const rowsOf = ({ file, first, end }: RowUnit) =>
    `SELECT CAST(file_row_number + ${starts[file]} AS UINTEGER) AS r, * FROM ${scan([files[file]!])} WHERE file_row_number BETWEEN ${first} AND ${end - 1}`;
  return {
    rowCount: rows,
    types,
    leaves: types.map(() => undefined),
    units: dataset.files.flatMap((file, index) => unitsOf(file.rowCount, file.parquet?.largestRowGroup, index)),
    window: (ranges) => ({
      rows: ranges.reduce((sum, { first, end }) => sum + end - first, 0),
      from: `(${ranges.map(rowsOf).join(' UNION ALL ')}) AS cells`,
    }),
  };
}

function unitsOf(rowCount: number, rowGroup = rowCount, file = 0): RowUnit[] {
  const units: RowUnit[] = [];
  for (let first = 0; first < rowCount; first += Math.max(1, rowGroup)) {
    units.push({ file, first, end: Math.min(rowCount, first + rowGroup) });
  }
  return units;
}

async function columnTypes(
  connection: DuckDBConnection,
  dataset: Dataset,
  files: readonly string[],
): Promise<readonly DuckDBType[]> {
  const [file] = files;
  try {
    const result = await connection.run(`SELECT * FROM read_parquet(${quoteText(file!)}) LIMIT 0`);
    const types = result.columnTypes();
    if (types.length === dataset.columns.length) return types;
    throw new Error(`it finds ${types.length} columns in place of ${dataset.columns.length}`);
  } catch (error) {
    throw new StudioError('unsupported-file', `DuckDB cannot read this file: ${duckDbMessage(error)}`, {
      where: { file: file! },
      hint: 'Whole-file questions need DuckDB; browsing works without. Write the file with another program to ask them.',
      cause: error,
    });
  }
}
