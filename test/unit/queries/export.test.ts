import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { exportRows } from '../../../src/core/queries/export-rows.ts';
import type { ExportFormat, ExportSource } from '../../../src/core/queries/questions.ts';
import type { QuerySession } from '../../../src/core/queries/session.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { textFile } from './query-files.ts';
import { gather, openSession, type Sample, writeSamples } from './sessions.ts';

const ROWS: Sample[] = Array.from({ length: 150 }, (_, row) => ({
  text: row % 4 === 0 ? null : `line ${row}\n"quoted", and more`,
  other: '',
  whole: row,
  real: row / 3,
  flag: row % 2 === 0,
  messages: [{ role: 'user', content: `Question ${row}?` }],
}));
const SOURCE: ExportSource = {
  kind: 'rows',
  filter: { kind: 'compare', column: 2, operator: '>=', value: 100 },
  sort: [{ column: 2, descending: true }],
};
const EXPECTED = ROWS.slice(100).reverse();

function write(session: QuerySession, source: ExportSource, format: ExportFormat, file: string, replace = false) {
  return exportRows(session, { source, format, path: file, replace }, gather().answering);
}

async function readBack(file: string): Promise<readonly unknown[][]> {
  const dataset = await openDataset(file);
  const rows: unknown[][] = [];
  for await (const batch of dataset.read({ start: 0, end: dataset.rowCount }))
    rows.push(...batch.rows.map((row) => [...row]));
  await dataset.close();
  return rows;
}

describe('an export', () => {
  it.each(['parquet', 'jsonl'] as const)(
    'of filtered and sorted rows as %s reads back as those rows',
    async (format) => {
      for (const kind of ['parquet', 'jsonl'] as const) {
        const session = await openSession(writeSamples(kind, ROWS));
        const file = path.join(temporaryFolder(), `out.${format}`);
        const { rows, bytes } = await write(session, SOURCE, format, file);
        expect(rows).toBe(EXPECTED.length);
        expect(bytes).toBe(readFileSync(file).length);
        const values = await readBack(file);
        const decoded = values.map((row) =>
          row.map((cell, column) => (column === 5 && typeof cell === 'string' ? JSON.parse(cell) : cell)),
        );
        expect(decoded).toEqual(EXPECTED.map((row) => Object.values(row)));
        // Nothing is left beside it.
        expect(readdirSync(path.dirname(file))).toEqual([path.basename(file)]);
        expect(readdirSync(session.exportFolder)).toEqual([]);
      }
    },
  );

  it('as CSV has a header, and nested values as JSON', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const file = path.join(temporaryFolder(), 'out.csv');
    await write(session, SOURCE, 'csv', file);
    const dataset = await openDataset(file);
    expect(dataset.columns.map(({ name }) => name)).toEqual(['text', 'other', 'whole', 'real', 'flag', 'messages']);
    await dataset.close();
    const [first] = await readBack(file);
    expect(first!.slice(0, 3)).toEqual([EXPECTED[0]!.text, '', '149']);
    expect(JSON.parse(first![5] as string)).toEqual(EXPECTED[0]!.messages);
  });

  it('of a SELECT keeps its order and columns, also where names are repeated', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const file = path.join(temporaryFolder(), 'out.jsonl');
    const sql =
      'SELECT whole, whole * 2 AS whole, 1 AS "" FROM data WHERE whole < 40 ORDER BY whole DESC -- all; of it';
    await write(session, { kind: 'sql', sql: sql.replace(' AS ""', '') }, 'jsonl', file);
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBe(40);
    expect(lines[0]).toEqual({ whole: 39, whole_2: 78, 1: 1 });
  });

  it('is valid JSON where numbers are not finite, at any depth', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const file = path.join(temporaryFolder(), 'out.jsonl');
    const sql = `SELECT 'NaN'::DOUBLE AS a, ['Infinity'::DOUBLE, 1.5] AS b, {'x y': ['NaN'::FLOAT], 'z': 'NaN'} AS c, NULL::STRUCT(v DOUBLE) AS d, '\\x0A'::BLOB AS e`;
    await write(session, { kind: 'sql', sql }, 'jsonl', file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      a: null,
      b: [null, 1.5],
      c: { 'x y': [null], z: 'NaN' },
      d: null,
      e: '0x0A',
    });
  });

  it('replaces a file only where that was agreed to', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const file = textFile('out.csv', 'mine');
    await expect(write(session, SOURCE, 'csv', file)).rejects.toMatchObject({
      code: 'already-exists',
      where: { file },
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await write(session, SOURCE, 'csv', file, true);
    expect(readFileSync(file, 'utf8')).toMatch(/^text,other/);
  });

  it('never replaces the dataset itself', async () => {
    const dataset = writeSamples('parquet', ROWS);
    const before = readFileSync(dataset);
    const session = await openSession(dataset);
    await expect(write(session, SOURCE, 'parquet', dataset, true)).rejects.toMatchObject({ code: 'usage' });
    expect(readFileSync(dataset).equals(before)).toBe(true);
  });

  it('that fails leaves nothing behind', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const folder = temporaryFolder();
    const sql = 'SELECT CAST(text AS INTEGER) FROM data WHERE text IS NOT NULL';
    await expect(write(session, { kind: 'sql', sql }, 'csv', path.join(folder, 'out.csv'))).rejects.toMatchObject({
      code: 'usage',
    });
    const other = { kind: 'sql', sql: `COPY data TO '${folder}/x.csv'` } as const;
    await expect(write(session, other, 'csv', path.join(folder, 'out.csv'))).rejects.toMatchObject({ code: 'usage' });
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(session.exportFolder)).toEqual([]);
  });

  it('is refused where the file cannot be written', async () => {
    const session = await openSession(writeSamples('parquet', ROWS));
    const file = textFile('plain', '');
    writeFileSync(file, 'not a folder');
    await expect(write(session, SOURCE, 'csv', path.join(file, 'out.csv'))).rejects.toThrow();
  });
});
