/** What the viewer's tests work on: the bundled reader and small Parquet files. */

import { createHash } from 'node:crypto';
import path from 'node:path';
import { build } from 'esbuild';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import type { Runtime } from '../../../src/core/runtime.ts';
import type { Outcome } from '../../../src/protocol/dataset-viewer.ts';

const REQUIRE = "import { createRequire as require_ } from 'node:module'; const require = require_(import.meta.url);";

/** Bundles the reader as the product does, into a folder of the test's own. */
export async function bundledReader(folder: string): Promise<Runtime> {
  await build({
    entryPoints: ['src/workers/read-dataset.ts'],
    outfile: path.join(folder, 'read-dataset.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  return { nodePath: process.execPath, workersFolder: folder, version: '0.0.0' };
}

const optional = (name: string, more: Partial<SchemaElement>): SchemaElement => ({
  name,
  repetition_type: 'OPTIONAL',
  ...more,
});
const text = (name: string) => optional(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' });

const PREFERENCES: SchemaElement[] = [
  { name: 'root', num_children: 4 },
  text('prompt'),
  ...['chosen', 'rejected'].flatMap((name): SchemaElement[] => [
    optional(name, { converted_type: 'LIST', num_children: 1 }),
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    optional('element', { num_children: 2 }),
    text('role'),
    text('content'),
  ]),
  optional('strength', { type: 'INT64' }),
];

/** Preference pairs whose answers are conversations; `prompts` may replace the prompts of the first rows. */
export function writePreferences(file: string, rows: number, prompts: readonly (string | null)[] = []): void {
  const numbers = Array.from({ length: rows }, (_, row) => row);
  const answer = (row: number, content: string) => [
    { role: 'user', content: `Question ${row}?` },
    { role: 'assistant', content },
  ];
  parquetWriteFile({
    filename: file,
    schema: PREFERENCES,
    columnData: [
      { name: 'prompt', data: numbers.map((row) => (row < prompts.length ? prompts[row] : `Question ${row}?`)) },
      { name: 'chosen', data: numbers.map((row) => answer(row, `It is ${digest(row)}, because I looked.`)) },
      { name: 'rejected', data: numbers.map((row) => answer(row, `Perhaps ${digest(row + 1)}.`)) },
      { name: 'strength', data: numbers.map((row) => BigInt(row % 4)) },
    ],
    rowGroupSize: 100,
  });
}

const digest = (row: number) => createHash('sha256').update(String(row)).digest('hex').slice(0, 12);

export function answered<T>(outcome: Outcome<T, { readonly message: string }>): T {
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return outcome.value;
}
