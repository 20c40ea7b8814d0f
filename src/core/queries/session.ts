/** One dataset opened for whole-file questions: a database in memory that can reach this dataset and nothing else. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Dataset } from '../datasets/dataset.ts';
import { openDataset } from '../datasets/open.ts';
import { findShards, kindOf } from '../datasets/shards.ts';
import { StudioError } from '../errors.ts';
import { type CellColumn, familyOf, typeName } from './column-types.ts';
import { type Asking, Connections } from './connections.ts';
import { type DuckDb, toQueryError } from './duckdb.ts';
import { freeName, quoteIdentifier, sqlNames } from './identifiers.ts';
import { loadedRows } from './loaded-rows.ts';
import { parquetRows } from './parquet-rows.ts';
import type { QuerySummary } from './questions.ts';
import { databaseOptions, type Limits, lock, prepareConnection } from './sandbox.ts';
import type { SourceRows } from './source-rows.ts';

/** Questions answered at once. Each keeps one of Node's four threads for files busy; one has to stay free. */
const CONNECTIONS = 3;
const MOST_ROWS = 2 ** 32 - 1;

export class QuerySession {
  readonly duckDb: DuckDb;
  readonly name: string;
  readonly columns: readonly CellColumn[];
  readonly rowColumn: string;
  readonly source: SourceRows;
  /** Where DuckDB may write a result before it goes where the person wants it. */
  readonly exportFolder: string;
  readonly threads: number;
  readonly #instance: DuckDBInstance;
  readonly #connections: Connections;
  readonly #folder: string;
  readonly #stamps: readonly FileStamp[];

  private constructor(
    opened: Opened,
    source: SourceRows,
    columns: readonly CellColumn[],
    stamps: readonly FileStamp[],
  ) {
    this.duckDb = opened.duckDb;
    this.name = opened.dataset.name;
    this.columns = columns;
    this.rowColumn = freeName(
      'row_index',
      columns.map(({ sqlName }) => sqlName),
    );
    this.source = source;
    this.exportFolder = opened.exportFolder;
    this.threads = opened.limits.threads;
    this.#instance = opened.instance;
    this.#connections = new Connections(opened.connections);
    this.#folder = opened.folder;
    this.#stamps = stamps;
  }

  /**
   * @param name a file, a folder or a glob, as `openDataset` takes it
   * @throws StudioError as `openDataset`; 'unsupported-file' for what DuckDB cannot be asked about
   */
  static async open(duckDb: DuckDb, name: string, limits: Limits, asking: Asking = {}): Promise<QuerySession> {
    await refuseOtherKinds(name);
    const dataset = await openDataset(name, asking.signal);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-queries-'));
    let opened: Opened | undefined;
    try {
      if (dataset.rowCount > MOST_ROWS) throw tooManyRows(dataset);
      opened = await openDatabase(duckDb, dataset, folder, limits);
      const [connection] = opened.connections;
      const files = dataset.files.map((file) => path.resolve(file.path));
      const stamps = await Promise.all(files.map(stampOf));
      const source =
        dataset.kind === 'parquet'
          ? await parquetRows(connection!, dataset, files)
          : await loadedRows(duckDb, connection!, dataset, asking);
      const session = new QuerySession(opened, source, cellColumns(duckDb, dataset, source), stamps);
      await connection!.run(session.#dataView());
      return session;
    } catch (error) {
      opened?.instance.closeSync();
      rmSync(folder, { recursive: true, force: true });
      throw toQueryError(error, { file: name });
    } finally {
      await dataset.close();
    }
  }

  summary(): QuerySummary {
    return {
      rowCount: this.source.rowCount,
      columns: this.columns.map(({ name, sqlName, type, family }) => ({ name, sqlName, type: typeName(type), family })),
      rowColumn: this.rowColumn,
    };
  }

  /**
   * Runs a question on a connection that nobody else uses meanwhile.
   * @throws StudioError 'not-available' where a file is no longer the one that was opened
   */
  async ask<T>(asking: Asking, question: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    await this.#refuseChangedFiles();
    return this.#connections.lend(asking, question);
  }

  /** @throws StudioError 'missing-column' */
  column(index: number): CellColumn {
    const column = this.columns[index];
    if (column) return column;
    throw new StudioError('missing-column', `There is no column ${index}; there are ${this.columns.length}.`, {
      where: { file: this.name },
    });
  }

  /** @throws StudioError 'usage' where the path is a file of the dataset itself */
  refuseOwnFile(target: string): void {
    if (!this.#stamps.some(({ file }) => file === target)) return;
    throw new StudioError('usage', 'This is a file of the opened dataset.', {
      where: { file: target },
      hint: 'Choose another name.',
    });
  }

  /** Ends what is being asked and removes the private folder. */
  close(): void {
    this.#connections.close();
    this.#instance.closeSync();
    this.removeFolder();
  }

  /** For a process that is about to end, which takes the rest with it. */
  removeFolder(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #dataView(): string {
    const columns = this.columns.map(({ cell, sqlName }) => `${cell} AS ${quoteIdentifier(sqlName)}`);
    const row = `CAST(r AS BIGINT) AS ${quoteIdentifier(this.rowColumn)}`;
    return `CREATE VIEW data AS SELECT ${[...columns, row].join(', ')} FROM cells`;
  }

  async #refuseChangedFiles(): Promise<void> {
    for (const stamp of this.#stamps) {
      const now = await stampOf(stamp.file).catch(() => undefined);
      if (now?.bytes === stamp.bytes && now.modified === stamp.modified) continue;
      throw new StudioError('not-available', now ? 'The file has changed since it was opened.' : 'The file is gone.', {
        where: { file: stamp.file },
        hint: 'Reload the dataset.',
      });
    }
  }
}

interface Opened {
  readonly duckDb: DuckDb;
  readonly dataset: Dataset;
  readonly instance: DuckDBInstance;
  readonly connections: readonly DuckDBConnection[];
  readonly folder: string;
  readonly exportFolder: string;
  readonly limits: Limits;
}

async function openDatabase(duckDb: DuckDb, dataset: Dataset, folder: string, limits: Limits): Promise<Opened> {
  const exportFolder = path.join(folder, 'export');
  mkdirSync(exportFolder);
  const instance = await duckDb.DuckDBInstance.create(':memory:', databaseOptions(limits, path.join(folder, 'spill')));
  const connections: DuckDBConnection[] = [];
  for (let count = 0; count < CONNECTIONS; count++) {
    const connection = await instance.connect();
    await prepareConnection(connection);
    connections.push(connection);
  }
  // Text files are read by our own readers; DuckDB needs no file for them.
  const files = dataset.kind === 'parquet' ? dataset.files.map((file) => path.resolve(file.path)) : [];
  await lock(connections[0]!, files, exportFolder);
  return { duckDb, dataset, instance, connections, folder, exportFolder, limits };
}

function cellColumns(duckDb: DuckDb, dataset: Dataset, source: SourceRows): CellColumn[] {
  const names = sqlNames(dataset.columns.map(({ name }) => name));
  return dataset.columns.map(({ name }, index) => {
    const type = source.types[index]!;
    const family = familyOf(duckDb, type);
    return { name, sqlName: names[index]!, type, family, cell: `c${index}`, leaves: source.leaves[index] };
  });
}

const ASKABLE = new Set<string | undefined>(['parquet', 'jsonl', 'json', 'csv']);

async function refuseOtherKinds(name: string): Promise<void> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name)) {
    throw new StudioError('unsupported-file', 'Whole-file questions cannot be asked of a remote dataset.', {
      where: { file: name },
      hint: 'Download it first and open the copy.',
    });
  }
  const [file = name] = await findShards(name);
  if (ASKABLE.has(kindOf(file))) return;
  throw new StudioError('unsupported-file', `Whole-file questions cannot be asked of ${path.extname(file)} files.`, {
    where: { file },
    hint: 'Convert it to Parquet first and open that.',
  });
}

function tooManyRows(dataset: Dataset): StudioError {
  return new StudioError('unsupported-file', `It holds ${dataset.rowCount} rows; the limit is ${MOST_ROWS}.`, {
    where: { file: dataset.name },
    hint: 'Open a part of its files.',
  });
}

interface FileStamp {
  readonly file: string;
  readonly bytes: number;
  readonly modified: number;
}

async function stampOf(file: string): Promise<FileStamp> {
  const { size, mtimeMs } = await stat(file);
  return { file, bytes: size, modified: mtimeMs };
}
