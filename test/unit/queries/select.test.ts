import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { completions } from '../../../src/core/queries/completions.ts';
import { select } from '../../../src/core/queries/select.ts';
import type { QuerySession } from '../../../src/core/queries/session.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { gather, openSession, type Sample, writeSamples } from './sessions.ts';

const ROWS: Sample[] = Array.from({ length: 120 }, (_, row) => ({
  text: row % 3 === 0 ? null : `text ${row}`,
  other: row % 2 === 0 ? 'A' : 'B',
  whole: row === 7 ? Number.MAX_SAFE_INTEGER : row,
  real: row / 4,
  flag: row % 2 === 0,
  messages: [{ role: 'user', content: `Question ${row}?` }],
}));

async function ask(session: QuerySession, sql: string, limit = 1_000) {
  const gathered = gather();
  const answer = await select(session, { sql, limit }, gathered.answering);
  return { answer, columns: gathered.of('columns')[0]?.columns, cells: gathered.cells() };
}

describe('a SELECT over data', () => {
  it('gives columns with their types, and rows as JSON', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const { answer, columns, cells } = await ask(
      session,
      'SELECT text, messages, row_index FROM data WHERE row_index IN (0, 119) ORDER BY row_index',
    );
    expect(columns).toEqual([
      { name: 'text', type: 'VARCHAR' },
      { name: 'messages', type: 'STRUCT("role" VARCHAR, "content" VARCHAR)[]' },
      { name: 'row_index', type: 'BIGINT' },
    ]);
    expect(cells).toEqual([
      [null, [{ role: 'user', content: 'Question 0?' }], 0],
      ['text 119', [{ role: 'user', content: 'Question 119?' }], 119],
    ]);
    expect(answer).toMatchObject({ rows: 2, truncated: false });
  });

  it('sends no more rows than asked for, and counts them all', async () => {
    const session = await openSession(writeSamples('jsonl', ROWS));
    const { answer, cells } = await ask(session, 'FROM data', 5);
    expect(cells.length).toBe(5);
    expect(answer).toMatchObject({ rows: 120, truncated: true });
  });

  it('says values exactly: what a double cannot hold is text, bytes are hex', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const sql = `SELECT 9007199254740993, 1.10::DECIMAL(38, 2), 'NaN'::DOUBLE, '\\xFF'::BLOB, MAP {'k': 1}, 5::BIGINT,
      TIMESTAMP '2024-05-01 12:30:00.123456', NULL FROM data LIMIT 1`;
    const { cells } = await ask(session, sql);
    expect(cells[0]).toEqual([
      '9007199254740993',
      '1.10',
      'NaN',
      '0xFF',
      [{ key: 'k', value: 1 }],
      5,
      '2024-05-01 12:30:00.123456',
      null,
    ]);
  });

  it.each([
    'WITH longest AS (SELECT max(length(text)) AS n FROM data) SELECT n FROM longest',
    'SELECT count(*) FROM data, unnest([1, 2]) AS t(x)',
    'SELECT other, count(*) FROM data GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL;',
    'SELECT (SELECT max(real) FROM data AS inside WHERE inside.other = data.other) FROM data LIMIT 1 -- why not',
    'SUMMARIZE data',
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n, data LIMIT 1',
  ])('answers %s', async (sql) => {
    const session = await openSession(writeSamples('parquet', ROWS));
    expect((await ask(session, sql)).answer.rows).toBeGreaterThan(0);
  });

  it('names columns that are empty or repeated so that they can be asked for', async () => {
    const file = path.join(temporaryFolder(), 'odd.parquet');
    const names = ['a', 'A', '', 'a', '__proto__', 'q"x', 'row_index'];
    parquetWriteFile({
      filename: file,
      schema: [
        { name: 'root', num_children: names.length },
        ...names.map((name) => ({ name, type: 'INT32' as const, repetition_type: 'OPTIONAL' as const })),
      ],
      columnData: names.map((name, column) => ({ name, data: Int32Array.from([column]) })),
    });
    const session = await openSession(file);
    const { columns, rowColumn } = session.summary();
    expect(columns.map(({ name }) => name)).toEqual(names);
    expect(columns.map(({ sqlName }) => sqlName)).toEqual([
      'a',
      'A_2',
      'column_3',
      'a_3',
      '__proto__',
      'q"x',
      'row_index',
    ]);
    expect(rowColumn).toBe('row_index_2');
    const { cells } = await ask(
      session,
      'SELECT a, A_2, column_3, a_3, "__proto__", "q""x", row_index, row_index_2 FROM data',
    );
    expect(cells).toEqual([[0, 1, 2, 3, 4, 5, 6, 0]]);
  });

  it('offers the columns, functions and keywords that can be written', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const words = await completions(session, gather().answering);
    expect(words.columns).toEqual(['text', 'other', 'whole', 'real', 'flag', 'messages', 'row_index']);
    expect(words.functions).toEqual(expect.arrayContaining(['count', 'regexp_matches', 'list_transform']));
    expect(words.keywords).toEqual(expect.arrayContaining(['SELECT', 'WHERE', 'QUALIFY']));
  });
});

describe('what is refused', () => {
  const folder = () => {
    const made = temporaryFolder();
    writeFileSync(path.join(made, 'secret.csv'), 'a,b\n1,2\n');
    return made;
  };

  it.each([
    ["SELECT * FROM read_csv('FOLDER/secret.csv')", 'The table function read_csv cannot be used here.'],
    ["FROM 'FOLDER/secret.csv'", 'There is no table "FOLDER/secret.csv".'],
    ["SELECT (SELECT count(*) FROM read_text('FOLDER/secret.csv')) FROM data", 'The table function read_text'],
    ["WITH x AS (FROM glob('FOLDER/*')) FROM x", 'The table function glob'],
    ["FROM enable_logging(storage := 'file', storage_path := 'FOLDER/log')", 'The table function enable_logging'],
    ["FROM query('SELECT 1')", 'The table function query'],
    ['FROM information_schema.tables', 'There is no table "tables".'],
    ['FROM duckdb_settings()', 'The table function duckdb_settings'],
    ["ATTACH 'FOLDER/new.db'", 'Only a SELECT can be asked.'],
    ["COPY data TO 'FOLDER/copy.csv'", 'Only a SELECT can be asked.'],
    ['INSTALL httpfs', 'Only a SELECT can be asked.'],
    ['LOAD httpfs', 'Only a SELECT can be asked.'],
    ['PRAGMA threads = 1', 'Only a SELECT can be asked.'],
    ['SET memory_limit = 1', 'Only a SELECT can be asked.'],
    ['DROP VIEW data', 'Only a SELECT can be asked.'],
    ['CREATE TABLE t AS FROM data', 'Only a SELECT can be asked.'],
    ['CALL enable_profiling()', 'Only a SELECT can be asked.'],
    ['EXPLAIN ANALYZE FROM data', 'Only a SELECT can be asked.'],
    ['SELECT 1; SELECT 2', 'These are 2 statements; one can be asked at a time.'],
    ["SELECT 1; COPY data TO 'FOLDER/copy.csv'", 'Only a SELECT can be asked.'],
    ["SELECT getenv('HOME')", 'getenv does not exist'],
    ['SELECT nothing FROM data', '"nothing" not found'],
    ['SELECT * FROM data WHERE text = $1', 'parameters'],
    ['SELEC 1', 'This is not SQL: syntax error at or near "SELEC".'],
    ['', 'There is no statement.'],
    ['-- nothing', 'There is no statement.'],
  ])('%s', async (sql, message) => {
    const made = folder();
    const session = await openSession(writeSamples('parquet', ROWS));
    const written = sql.replaceAll('FOLDER', made);
    await expect(ask(session, written)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message.replaceAll('FOLDER', made)),
    });
    expect(existsSync(path.join(made, 'copy.csv'))).toBe(false);
    expect(existsSync(path.join(made, 'new.db'))).toBe(false);
  });

  it('by DuckDB itself, were its parser to miss it: other files, changed settings, extensions', async () => {
    const made = folder();
    const dataset = writeSamples('parquet', ROWS);
    const before = readFileSync(dataset);
    const session = await openSession(dataset);
    const run = (sql: string) => session.ask({}, (connection) => connection.run(sql));
    for (const sql of [
      `FROM read_csv('${made}/secret.csv')`,
      `FROM read_text('/etc/hosts')`,
      `FROM glob('${made}/*')`,
      `ATTACH '${made}/new.db'`,
      `COPY data TO '${made}/copy.csv'`,
      `COPY (SELECT 1) TO '${dataset}'`,
      `INSTALL httpfs`,
      `LOAD httpfs`,
      `FROM read_csv('http://127.0.0.1:9/x.csv')`,
    ]) {
      await expect(run(sql), sql).rejects.toMatchObject({ code: 'permission-denied' });
    }
    await expect(run('SET enable_external_access = true')).rejects.toThrow();
    await expect(run("SET memory_limit = '20GB'")).rejects.toThrow('locked');
    expect(readFileSync(dataset).equals(before)).toBe(true);
  });
});
