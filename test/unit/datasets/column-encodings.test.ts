import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/core/datasets/read-records.ts';
import { recognise } from '../../../src/core/datasets/recognise.ts';
import { type Outcome, readFixture, type ShapeFixture, setNames } from './contract-fixtures.ts';
import { suiteFolder, withDataset, writeJsonl } from './files.ts';

const folder = suiteFolder();
let duckdb: DuckDBInstance;

beforeAll(async () => {
  duckdb = await DuckDBInstance.create(':memory:', { threads: '1' });
});
afterAll(() => duckdb.closeSync());

const AS_THEY_ARE = 'sample_size = -1, map_inference_threshold = -1';

type Row = Readonly<Record<string, unknown>>;

/** Each a Parquet file of the rows, as another program would write them. */
const ENCODINGS: Readonly<
  Record<string, { readonly repeats: number; readonly encode: (rows: readonly Row[]) => Row[] }>
> = {
  'native lists and structures': { repeats: 1, encode: (rows) => rows.map((row) => mapCells(row, oneType(rows))) },
  'JSON text': { repeats: 1, encode: (rows) => rows.map((row) => mapCells(row, json)) },
  // A dictionary needs values that repeat.
  'dictionary-encoded columns': { repeats: 20, encode: (rows) => rows.map((row) => mapCells(row, oneType(rows))) },
};

function mapCells(row: Row, change: (cell: unknown, column: string) => unknown): Row {
  return Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, change(cell, column)]));
}

/** A Parquet column has one type: where the rows have several, it is text. */
function oneType(rows: readonly Row[]): (cell: unknown, column: string) => unknown {
  const mixed = new Set(
    Object.keys(rows[0]!).filter((column) => {
      const types = rows.map((row) => row[column]).filter((cell) => cell !== null);
      return new Set(types.map((cell) => typeof cell)).size > 1;
    }),
  );
  return (cell, column) => (mixed.has(column) ? json(cell) : cell);
}

function json(cell: unknown): unknown {
  return cell === null || typeof cell === 'string' || typeof cell === 'number' ? cell : JSON.stringify(cell);
}

async function writeParquet(name: string, rows: readonly Row[]): Promise<string> {
  const source = await writeJsonl(path.join(folder(), `${name}.jsonl`), rows);
  const target = path.join(folder(), `${name}.parquet`);
  const columns = Object.keys(rows[0]!).map((column) => `"${column}"`);
  const connection = await duckdb.connect();
  try {
    await connection.run(
      `COPY (SELECT ${columns.join(', ')} FROM read_json('${source}', format = 'newline_delimited', ${AS_THEY_ARE})) TO '${target}' (FORMAT parquet)`,
    );
  } finally {
    connection.closeSync();
  }
  return target;
}

async function encodingsOf(file: string): Promise<string> {
  const connection = await duckdb.connect();
  try {
    const found = await connection.runAndReadAll(`SELECT string_agg(encodings) FROM parquet_metadata('${file}')`);
    return String(found.getRows()[0]?.[0]);
  } finally {
    connection.closeSync();
  }
}

async function read(file: string, { shape, map }: ShapeFixture) {
  return withDataset(file, async (dataset) => {
    const { candidates, unusable } = await recognise(dataset, map === undefined ? {} : { map });
    const found: Outcome[][] = Array.from({ length: dataset.rowCount }, () => []);
    const format = candidates.find(({ id }) => id === shape)?.format;
    if (format !== undefined) {
      for await (const { row, record, problem } of readRecords(dataset, format)) {
        found[row]!.push(problem ? { problem: { code: problem.code, field: problem.field } } : record);
      }
    }
    const fitting = candidates.filter(({ fits }) => fits).map(({ id }) => id);
    return { fitting: fitting.slice(0, 1), unusable: unusable?.id, records: found };
  });
}

describe.each(Object.keys(ENCODINGS))('a Parquet file of %s', (encoding) => {
  const { repeats, encode } = ENCODINGS[encoding]!;

  it.each(setNames())('%s gives the records that the rows as JSON Lines give', async (name) => {
    const fixture = readFixture<ShapeFixture>(name);
    const rows = Array.from({ length: repeats }, () => encode(fixture.rows)).flat();
    const file = await writeParquet(`${path.basename(name)}-${encoding.replaceAll(' ', '-')}`, rows);
    if (repeats > 1) expect(await encodingsOf(file)).toContain('DICTIONARY');
    expect(await read(file, fixture)).toEqual({
      fitting: fixture.recognition.fitting.slice(0, 1),
      unusable: fixture.recognition.unusable,
      records: Array.from({ length: repeats }, () => fixture.records).flat(),
    });
  });
});
