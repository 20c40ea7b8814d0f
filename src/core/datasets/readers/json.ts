/** Reads a JSON file: an array of objects, or an object that holds one under `rows`, `data` or `datasamples`. */

import { visit } from 'jsonc-parser';
import { StudioError } from '../../errors.ts';
import type { FileReader } from '../dataset.ts';
import { parseJson } from './json-text.ts';
import { JsonColumns, jsonCells } from './json-types.ts';
import { tableReader } from './table.ts';
import { readWholeText } from './text-bytes.ts';

const LIMIT = 256 * 2 ** 20;
const CONTAINERS = ['rows', 'data', 'datasamples', 'examples'] as const;

/** @throws StudioError for text that is not JSON, is too large or holds no list of objects */
export async function openJson(file: string): Promise<FileReader> {
  const { text, bytes } = await readWholeText(file, LIMIT, 'Save it as JSONL: one object a line is read in parts.');
  const rows = rowsOf(file, parse(file, text));
  const observed = new JsonColumns();
  rows.forEach((row, index) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new StudioError('invalid-row', 'This item of the list is not an object with named fields.', {
        where: { file, row: index },
        hint: 'Every row has to be an object like {"chosen": "...", "rejected": "..."}.',
      });
    }
    observed.observe(row);
  });
  const columns = observed.columns();
  const cells = (row: number) => jsonCells(rows[row] as object, columns);
  return tableReader({ kind: 'json', path: file, bytes, columns, rowCount: rows.length, cells });
}

function parse(file: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const looksLikeLines = /^\s*\{.*\}\s*\n\s*\{/.test(text.slice(0, 100_000));
    const line = lineOfFault(text);
    throw new StudioError('damaged-file', `This is ${(error as Error).message}.`, {
      where: { file, ...(line === undefined ? {} : { line }) },
      hint: looksLikeLines ? 'It holds one object a line: give it the ending .jsonl.' : 'Correct it at that place.',
      cause: error,
    });
  }
}

/** One-based; the engine does not say it. */
function lineOfFault(text: string): number | undefined {
  let line: number | undefined;
  const onError = (_code: number, _offset: number, _length: number, startLine: number) => {
    line ??= startLine + 1;
  };
  try {
    visit(text, { onError }, { disallowComments: true });
  } catch {
    // Nested too deeply for this parser, too.
  }
  return line;
}

function rowsOf(file: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) {
    for (const key of CONTAINERS) {
      const held = (value as Record<string, unknown>)[key];
      if (Array.isArray(held)) return held;
    }
  }
  throw new StudioError('unsupported-file', 'The JSON is not a list of rows.', {
    where: { file },
    hint: `It has to be a list of objects, or an object that holds one under ${CONTAINERS.map((key) => `"${key}"`).join(', ')}.`,
  });
}
