// One scan of all text of a file by DuckDB, as a process of its own: `scan-with-duckdb.mjs FILE COLUMN... [--parquet FILE]`. The
// length in characters is asked for, which has to be counted, so that every byte of every text is read. The columns are
// named, as to ask for them first would be a second look at the file. With `--parquet` it is also written there as Parquet.
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';

const { values, positionals } = parseArgs({ options: { parquet: { type: 'string' } }, allowPositionals: true });
const [file, ...texts] = positionals;
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const source = file.endsWith('.parquet') ? `read_parquet(${quoted(file)})` : `read_json_auto(${quoted(file)})`;
if (values.parquet !== undefined)
  await connection.run(`COPY (SELECT * FROM ${source}) TO ${quoted(values.parquet)} (FORMAT parquet)`);
const lengths = texts.map((name) => `sum(length("${name.replaceAll('"', '""')}"))`);
const answer = await connection.runAndReadAll(`SELECT ${['count(*)', ...lengths].join(', ')} FROM ${source}`);
console.log(answer.getRows()[0].join(' '));
