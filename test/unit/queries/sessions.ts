/** A session in the test's own process, and its answers gathered. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { onTestFinished } from 'vitest';
import type { Answering } from '../../../src/core/queries/answering.ts';
import { loadDuckDb } from '../../../src/core/queries/duckdb.ts';
import type { AnswerPart } from '../../../src/core/queries/questions.ts';
import { QuerySession } from '../../../src/core/queries/session.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const LIMITS = { memoryMegabytes: 500, threads: 2 };

export async function openSession(dataset: string): Promise<QuerySession> {
  const session = await QuerySession.open(loadDuckDb(path.resolve('package.json')), dataset, LIMITS);
  onTestFinished(() => session.close());
  return session;
}

export function gather() {
  const parts: AnswerPart[] = [];
  const answering: Answering = { send: async (part) => void parts.push(part) };
  const of = <K extends AnswerPart['kind']>(kind: K) =>
    parts.filter((part): part is Extract<AnswerPart, { kind: K }> => part.kind === kind);
  const rows = () => [...of('hits'), ...of('rows')].flatMap((part) => [...part.rows]);
  return { answering, of, rows, cells: () => of('cells').flatMap((part) => part.rows) };
}

/** Rows as the tests know them; `messages` is a list of structs. */
export interface Sample {
  readonly text: string | null;
  readonly other: string | null;
  readonly whole: number | null;
  readonly real: number | null;
  readonly flag: boolean | null;
  readonly messages: readonly { readonly role: string; readonly content: string }[] | null;
}

export const SAMPLE_COLUMNS = ['text', 'other', 'whole', 'real', 'flag', 'messages'] as const;

export function writeSamples(kind: 'parquet' | 'jsonl', rows: readonly Sample[], name = `samples.${kind}`): string {
  const file = path.join(temporaryFolder(), name);
  if (kind === 'jsonl') {
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return file;
  }
  const optional = { repetition_type: 'OPTIONAL' } as const;
  const text = { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
  parquetWriteFile({
    filename: file,
    schema: [
      { name: 'root', num_children: 6 },
      { name: 'text', ...text },
      { name: 'other', ...text },
      { name: 'whole', ...optional, type: 'INT64' },
      { name: 'real', ...optional, type: 'DOUBLE' },
      { name: 'flag', ...optional, type: 'BOOLEAN' },
      { name: 'messages', ...optional, converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', ...optional, num_children: 2 },
      { name: 'role', ...text },
      { name: 'content', ...text },
    ],
    columnData: SAMPLE_COLUMNS.map((column) => ({
      name: column,
      data: rows.map((row) => (column === 'whole' && row.whole !== null ? BigInt(row.whole) : row[column])),
    })),
    rowGroupSize: 50,
  });
  return file;
}
