/** Guesses the shape of a JSONL file from lines of its start, its middle and its end, before its rows have been found. */

import { StudioError } from '../../errors.ts';
import type { MethodId } from '../../methods/method.ts';
import type { Column } from '../dataset.ts';
import type { ColumnMap } from '../formats/binding.ts';
import type { BoundFormat } from '../formats/bound-format.ts';
import { JsonColumns } from '../readers/json-types.ts';
import { cellsOf, parseLines, readLineBlocks } from '../readers/jsonl-lines.ts';
import { tableReader } from '../readers/table.ts';
import { openTextBytes } from '../readers/text-bytes.ts';
import { chooseFormat, recognise } from '../recognise.ts';

const WINDOW_BYTES = 2 ** 18;

export interface GuessedFormat {
  readonly format: BoundFormat;
  readonly columns: readonly Column[];
}

/** Undefined where these lines fit no shape of the method: then all rows have to say so. */
export async function guessFormat(
  file: string,
  method: MethodId,
  map: ColumnMap | undefined,
  signal: AbortSignal | undefined,
): Promise<GuessedFormat | undefined> {
  const rows = await sampleLines(file, signal);
  const gathered = new JsonColumns();
  for (const row of rows) gathered.observe(row);
  const columns = gathered.columns();
  const names = columns.map(({ name }) => name);
  const {
    file: own,
    reopen: _,
    ...reader
  } = tableReader({
    kind: 'jsonl',
    path: file,
    bytes: 0,
    columns,
    rowCount: rows.length,
    cells: (row) => cellsOf(rows[row]!, names),
  });
  try {
    const recognition = await recognise({ ...reader, name: file, files: [own] }, { method, map, signal });
    return { format: chooseFormat(recognition, method), columns };
  } catch (error) {
    if (error instanceof StudioError) return undefined;
    throw error;
  }
}

async function sampleLines(
  file: string,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, unknown>>[]> {
  const source = await openTextBytes(file);
  try {
    const { byteLength } = source;
    const rows: Readonly<Record<string, unknown>>[] = [];
    for (const start of [0, Math.floor((byteLength - WINDOW_BYTES) / 2), byteLength - WINDOW_BYTES]) {
      if (start < 0) continue;
      for await (const block of readLineBlocks(source, start, start + WINDOW_BYTES, signal)) {
        for (const { row } of parseLines(block)) if (row) rows.push(row);
      }
    }
    return rows;
  } finally {
    await source.close();
  }
}
