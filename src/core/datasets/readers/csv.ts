/** Reads CSV with a header row. Every cell is text. */

import { CsvError, parse } from 'csv-parse/sync';
import { StudioError } from '../../errors.ts';
import type { FileReader } from '../dataset.ts';
import { tableReader } from './table.ts';
import { readWholeText } from './text-bytes.ts';

const LIMIT = 256 * 2 ** 20;

/** @throws StudioError for a file that is missing, empty, too large or has a row with too many or too few cells */
export async function openCsv(file: string): Promise<FileReader> {
  const { text, bytes } = await readWholeText(file, LIMIT, 'Save it as Parquet or JSONL, which are read in parts.');
  const [header, ...rows] = parseCsv(file, text);
  if (!header) {
    const where = { file };
    throw new StudioError('no-rows', 'It holds nothing but blank lines.', { where, hint: 'Write it again.' });
  }
  const columns = header.map((name) => ({ name, type: 'string' }));
  return tableReader({
    kind: 'csv',
    path: file,
    bytes,
    columns,
    rowCount: rows.length,
    cells: (row) => rows[row] ?? [],
  });
}

function parseCsv(file: string, text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new StudioError('damaged-file', `The CSV cannot be read: ${error.message}.`, {
      where: { file, ...(typeof error.lines === 'number' ? { line: error.lines } : {}) },
      hint: 'Quote cells that hold commas, quotes or line breaks, and give every row as many cells as the header.',
      cause: error,
    });
  }
}
