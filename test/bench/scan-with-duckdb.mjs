// One scan of all text of a file by DuckDB, as a process of its own: `scan-with-duckdb.mjs FILE [PARQUET]`. The length of every
// text is asked for, so that every text has to be read. With a second name the file is also written there as Parquet.
import { DuckDBInstance } from '@duckdb/node-api';

const [, , file, parquet] = process.argv;
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const source = file.endsWith('.parquet') ? `read_parquet(${quoted(file)})` : `read_json_auto(${quoted(file)})`;
if (parquet !== undefined)
  await connection.run(`COPY (SELECT * FROM ${source}) TO ${quoted(parquet)} (FORMAT parquet)`);
const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
const texts = described.getRows().filter(([, type]) => type === 'VARCHAR');
const lengths = texts.map(([name]) => `sum(length("${String(name).replaceAll('"', '""')}"))`);
const answer = await connection.runAndReadAll(`SELECT ${['count(*)', ...lengths].join(', ')} FROM ${source}`);
console.log(answer.getRows()[0].join(' '));
