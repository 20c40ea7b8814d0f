/** What the tests of whole-file questions work on: the bundled process, small files, and answers gathered. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { AnswerPart } from '../../../src/core/queries/questions.ts';
import type { Runtime } from '../../../src/core/runtime.ts';
import { type AskOptions, QueryProcess } from '../../../src/features/dataset-viewer/query-process.ts';
import type { QueryProcessOptions } from '../../../src/protocol/dataset-queries.ts';
import type { Outcome } from '../../../src/protocol/dataset-viewer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const REQUIRE = "import { createRequire as require_ } from 'node:module'; const require = require_(import.meta.url);";

/** The project's own DuckDB: the process bundled for a test lies where there is none. */
export const DUCKDB_FROM = path.resolve('package.json');

/** Bundles the process as the product does, into a folder of the test file's own, gone when its tests are. */
export function bundledQueryProcess(): () => Runtime {
  let runtime: Runtime;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-query-process-'));
    await build({
      entryPoints: ['src/workers/query-dataset.ts'],
      outfile: path.join(folder, 'query-dataset.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: REQUIRE },
      logLevel: 'error',
    });
    runtime = { nodePath: process.execPath, workersFolder: folder, version: '0.0.0' };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => runtime;
}

/** A process on the dataset, ended with the test. */
export function askAbout(runtime: Runtime, dataset: string, options: QueryProcessOptions = {}): QueryProcess {
  const asked = new QueryProcess(runtime, dataset, { duckDbFrom: DUCKDB_FROM, threads: 2, ...options });
  onTestFinished(() => asked.dispose());
  return asked;
}

export function textFile(name: string, content: string | Buffer): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

export const jsonLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

export async function answered<T>(asked: Promise<Outcome<T, { readonly message: string }>>): Promise<T> {
  const outcome = await asked;
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return outcome.value;
}

/** Gathers the parts of an answer by what they are. */
export function gathering(signal?: AbortSignal) {
  const parts: AnswerPart[] = [];
  const options: AskOptions = { signal, onPart: (part) => void parts.push(part) };
  const of = <K extends AnswerPart['kind']>(kind: K) =>
    parts.filter((part): part is Extract<AnswerPart, { kind: K }> => part.kind === kind);
  return {
    options,
    of,
    /** All row numbers, in the order in which they came. */
    rows: () => [...of('hits'), ...of('rows')].flatMap((part) => [...part.rows]),
    cells: () => of('cells').flatMap((part) => part.rows),
  };
}
