/**
 * Whole-file questions beside DuckDB asked directly: the query process as the product starts it, and a plain Node process
 * that runs the same SQL on the same view through the same DuckDB, asked in turn over the same kind of channel. Compared is
 * the processor time that the process spends on the whole question, the answer's rows included, as Linux counts it, and
 * elsewhere wall time; the least of the rounds, as everything else on a machine only adds. Quick questions are asked in more
 * rounds: what else a machine does weighs more on them.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { countsSql } from '../../src/core/queries/counted-values.ts';
import { loadDuckDb } from '../../src/core/queries/duckdb.ts';
import type { Filter, SortKey } from '../../src/core/queries/questions.ts';
import { rowOrderSql } from '../../src/core/queries/row-order.ts';
import { searchSql } from '../../src/core/queries/search.ts';
import { QuerySession } from '../../src/core/queries/session.ts';
import { summarySql } from '../../src/core/queries/statistics.ts';
import { QueryProcess } from '../../src/features/dataset-viewer/query-process.ts';
import type { BenchRow } from './embedded-accuracy.ts';
import { processorSeconds } from './processor-time.ts';

/** Below what distinct values are counted of, so that both count the same. */
const ROWS = 900_000;
const LEAST_ROUNDS = 9;
const MOST_ROUNDS = 100;
/** Of processor time of both, over all rounds of a question. */
const SECONDS = 16;
const MOST = 1.1;
const MEMORY_MEGABYTES = 1_000;

/** Texts of hexadecimal words, which pack badly, and conversations; labels, and scores that are often missing. */
const GENERATED = `SELECT i AS id, md5(i::VARCHAR) || ' ' || repeat(md5((i * 7)::VARCHAR) || ' ', 12) AS prompt,
  [{'role': 'user', 'content': md5((i + 1)::VARCHAR)}, {'role': 'assistant', 'content': repeat(md5((i * 3)::VARCHAR) || ' ', 20)}] AS chosen,
  ['A', 'B', 'tie'][1 + (hash(i) % 3)::BIGINT] AS preferred, CASE WHEN hash(i + 1) % 10 > 0 THEN (hash(i + 2) % 100000) / 1000 END AS score
  FROM range(${ROWS}) AS t(i)`;

/** Runs what it is sent on one connection, and says when the last row has been taken. */
const DIRECT = `
const [, , from, file, columns, threads] = process.argv;
const { DuckDBInstance } = (await import('node:module')).createRequire(from)('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:', { memory_limit: '${MEMORY_MEGABYTES}MB', threads });
const connection = await instance.connect();
await connection.run('SET parquet_metadata_cache = true');
await connection.run(\`CREATE VIEW cells AS SELECT CAST(file_row_number AS UINTEGER) AS r, * FROM read_parquet(['\${file}']) AS t(\${columns})\`);
process.on('message', async (statements) => {
  let rows = 0;
  for (const { sql, values } of statements) {
    const result = await connection.stream(sql, values);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      rows += chunk.rowCount;
    }
  }
  process.send({ rows });
});
process.once('disconnect', () => process.exit(0));
process.send({ rows: 0 });
`;

interface Question {
  readonly what: string;
  readonly ours: (asked: QueryProcess) => Promise<{ readonly ok: boolean }>;
  readonly direct: readonly Statement[];
}

interface Statement {
  readonly sql: string;
  readonly values: readonly string[];
}

/** `root` is the folder of the project, with `dist` built. */
export async function querySpeedBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reward-studio-bench-'));
  const from = path.join(root, 'package.json');
  const threads = availableParallelism();
  const limits = { memoryMegabytes: MEMORY_MEGABYTES, threads };
  const duckDb = loadDuckDb(from);
  const file = path.join(folder, 'rows.parquet');
  await generate(duckDb, file);
  const session = await QuerySession.open(duckDb, file, limits);
  const runtime = { nodePath: process.execPath, workersFolder: path.join(root, 'dist/workers'), version: '' };
  const asked = new QueryProcess(runtime, file, limits);
  const cells = session.columns.map(({ cell }) => cell).join(', ');
  const script = path.join(folder, 'direct.mjs');
  await writeFile(script, DIRECT);
  const direct = fork(script, [from, file, cells, String(threads)], { serialization: 'advanced' });
  try {
    await once(direct, 'message');
    await asked.open();
    const megabytes = ((await stat(file)).size / 1e6).toFixed(0);
    const rows: BenchRow[] = [];
    for (const question of questions(session)) rows.push(await compare(question, asked, direct, megabytes));
    return rows;
  } finally {
    asked.dispose();
    direct.disconnect();
    session.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function generate(duckDb: ReturnType<typeof loadDuckDb>, file: string): Promise<void> {
  const instance = await duckDb.DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${GENERATED}) TO '${file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10240)`);
  connection.closeSync();
  instance.closeSync();
}

function questions(session: QuerySession): Question[] {
  const searched = (text: string, caseSensitive: boolean): Question => {
    const request = { text, caseSensitive };
    const { hits, parameters } = searchSql(session, request);
    const counted = hits.map((hit, index) => `${hit} AS h${index}`).join(', ');
    const sql = `SELECT r, ${counted} FROM cells WHERE ${hits.join(' OR ')}`;
    return {
      what: `search all texts for "${text}"${caseSensitive ? ', letter case counts' : ''}`,
      ours: (asked) => asked.search(request, { onPart: () => {} }),
      direct: [{ sql, values: parameters.values }],
    };
  };
  const ordered = (what: string, filter: Filter | undefined, sort: SortKey[]): Question => {
    const request = { ...(filter ? { filter } : {}), sort };
    const { sql, parameters } = rowOrderSql(session, request);
    return {
      what,
      ours: (asked) => asked.rowOrder(request, { onPart: () => {} }),
      direct: [{ sql, values: parameters.values }],
    };
  };
  const filter: Filter = {
    kind: 'all',
    of: [
      { kind: 'compare', column: 3, operator: '=', value: 'tie' },
      { kind: 'compare', column: 4, operator: '>=', value: 50 },
      { kind: 'contains', column: 1, text: 'abc' },
    ],
  };
  return [
    searched('abcdef', true),
    searched('ABCDEF', false),
    ordered('filter by label, score and a text', filter, []),
    ordered('sort by a number', undefined, [{ column: 4, descending: true }]),
    ordered('sort by a text', undefined, [{ column: 1 }]),
    {
      what: 'statistics of all columns',
      ours: (asked) => asked.statistics({}, { onPart: () => {} }),
      direct: session.columns.flatMap((column) => [
        { sql: summarySql({ where: '' }, column, true, 'stddev_samp'), values: [] },
        { sql: countsSql(column, '', 20), values: [] },
      ]),
    },
  ];
}

async function compare(
  question: Question,
  asked: QueryProcess,
  direct: ChildProcess,
  megabytes: string,
): Promise<BenchRow> {
  const ours: Spent[] = [];
  const theirs: Spent[] = [];
  const askOurs = async () => {
    const outcome = await question.ours(asked);
    if (!outcome.ok) throw new Error(`${question.what}: ${JSON.stringify(outcome)}`);
  };
  const askDirect = async () => {
    const answered = once(direct, 'message');
    direct.send(question.direct);
    await answered;
  };
  let total = 0;
  for (let round = 0; round < LEAST_ROUNDS || (round < MOST_ROUNDS && total < SECONDS); round++) {
    const turns = [
      async () => ours.push(await spent(asked.pid!, askOurs)),
      async () => theirs.push(await spent(direct.pid!, askDirect)),
    ];
    // Who goes first changes, so that neither always finds the other's heat.
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
    total += ours.at(-1)!.processor + theirs.at(-1)!.processor;
  }
  const [mine, plain] = [least(ours), least(theirs)];
  const ratio = mine.processor / plain.processor;
  return {
    what: `${question.what}: ${ROWS} rows, ${megabytes} MB of Parquet`,
    value: `${ratio.toFixed(2)} x DuckDB (${describe(mine)} to ${describe(plain)}, least of ${ours.length})`,
    target: `<= ${MOST} x`,
    met: ratio <= MOST,
  };
}

interface Spent {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of all threads; wall time where the system does not say. */
  readonly processor: number;
}

async function spent(pid: number, task: () => Promise<unknown>): Promise<Spent> {
  const before = await processorSeconds(pid);
  const start = performance.now();
  await task();
  const wall = (performance.now() - start) / 1_000;
  const after = await processorSeconds(pid);
  return { wall, processor: before === undefined || after === undefined ? wall : after - before };
}

const least = (times: readonly Spent[]): Spent => ({
  wall: Math.min(...times.map(({ wall }) => wall)),
  processor: Math.min(...times.map(({ processor }) => processor)),
});

const describe = ({ wall, processor }: Spent) => `${processor.toFixed(3)} s of CPU, ${wall.toFixed(2)} s`;
