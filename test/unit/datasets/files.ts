/** Small files for the tests, written into a temporary folder. */

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll } from 'vitest';
import type { Dataset } from '../../../src/core/datasets/dataset.ts';
import { openDataset } from '../../../src/core/datasets/open.ts';
import { StudioError } from '../../../src/core/errors.ts';

/** A folder for all tests of a file, made before the first and gone after the last. */
export function suiteFolder(): () => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-datasets-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

const REAL_DATA = path.resolve(import.meta.dirname, '../../../../shared/data');
export const realDataIsThere = existsSync(REAL_DATA);

export function realData(name: string): string {
  return path.join(REAL_DATA, `${name}.jsonl.gz`);
}

export const HH_RLHF = 'hh-rlhf-harmless-base-test';
export const PANDALM = 'pandalm-testset-v1';
export const PROMETHEUS = 'prometheus-vicuna-mtbench-scored';
export const FINE_GRAINED = 'fine-grained-rlhf-qa-dev';

export async function writeJsonl(file: string, rows: readonly unknown[]): Promise<string> {
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

type ColumnData = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
type WriteOptions = Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'>;

export async function writeParquet(file: string, columnData: ColumnData, options: WriteOptions = {}): Promise<string> {
  await writeFile(file, Buffer.from(parquetWriteBuffer({ columnData, ...options })));
  return file;
}

/** A file whose schema is spelled out, with one row group for each list of columns. */
export async function writeParquetSchema(
  file: string,
  schema: SchemaElement[],
  groups: ColumnData[],
  pageSize = 2 ** 20,
): Promise<string> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema });
  for (const columnData of groups) await writer.write({ columnData, pageSize });
  await writer.finish();
  await writeFile(file, bytes.getBytes());
  return file;
}

/** Opens, gives every cell of every row, closes. */
export async function readAll(file: string, range = { start: 0, end: Number.POSITIVE_INFINITY }): Promise<unknown[][]> {
  return withDataset(file, async (dataset) => {
    const rows: unknown[][] = [];
    for await (const batch of dataset.read(range)) {
      expectConsecutive(batch.start, range.start + rows.length);
      rows.push(...batch.rows.map((row) => [...row]));
    }
    return rows;
  });
}

function expectConsecutive(found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`a batch begins at row ${found}, not ${wanted}`);
}

export async function withDataset<T>(file: string, use: (dataset: Dataset) => Promise<T>): Promise<T> {
  const dataset = await openDataset(file);
  try {
    return await use(dataset);
  } finally {
    await dataset.close();
  }
}

/** The StudioError that a promise is rejected with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<StudioError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}
