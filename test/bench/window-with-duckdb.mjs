// 100 rows of a Parquet file read by DuckDB, as a process of its own: `window-with-duckdb.mjs FILE ROW`. Prints the first cell
// and the CPU seconds of the whole process.
import { DuckDBInstance } from '@duckdb/node-api';

const [, , file, row] = process.argv;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const answer = await connection.runAndReadAll(
  `SELECT * FROM read_parquet('${file.replaceAll("'", "''")}') LIMIT 100 OFFSET ${Number(row)}`,
);
const rows = answer.getRowsJson();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ first: Number(rows[0][0]), cpu: (user + system) / 1e6 }));
