/** Reads JSONL: one pass at open finds the rows, later reads start near the row asked for. */

import type { FileReader, JsonlIndex, RowBatch, RowRange } from '../dataset.ts';
import { JsonlGatherer, markBefore } from './jsonl-index.ts';
import { cellsOf, parseLines, readLineBlocks } from './jsonl-lines.ts';
import { openTextBytes, type TextBytes } from './text-bytes.ts';

/**
 * Opens a JSONL file. A line that is not a JSON object is not a row: it is counted in `malformed` and the rest is used.
 * @param known the index of this very file, where somebody has made it before
 * @throws StudioError for a file that is missing, empty or badly compressed
 */
export async function openJsonl(file: string, signal?: AbortSignal, known?: JsonlIndex): Promise<FileReader> {
  const source = await openTextBytes(file);
  try {
    const index = known ?? (await gather(file, source, signal));
    // A compressed file would have to be unpacked once more by everyone.
    const plain = source.byteLength === source.fileBytes;
    return {
      kind: 'jsonl',
      columns: index.columns,
      rowCount: index.rowCount,
      malformed: index.malformed,
      file: { path: file, bytes: source.fileBytes, rowCount: index.rowCount },
      ...(plain && { reopen: { kind: 'jsonl', path: file, index } }),
      read: (range, abort) => readRows(source, index, range, abort),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function gather(file: string, source: TextBytes, signal?: AbortSignal): Promise<JsonlIndex> {
  const gatherer = new JsonlGatherer(file);
  for await (const block of readLineBlocks(source, 0, source.byteLength, signal)) {
    for (const line of parseLines(block)) gatherer.see(line);
  }
  return gatherer.index();
}

async function* readRows(
  source: TextBytes,
  { columns, marks }: JsonlIndex,
  range: RowRange,
  signal?: AbortSignal,
): AsyncGenerator<RowBatch> {
  const mark = markBefore(marks, range.start);
  if (mark === undefined || range.start >= range.end) return;
  const names = (range.columns?.map((column) => columns[column]!) ?? columns).map(({ name }) => name);
  let { row } = mark;
  for await (const block of readLineBlocks(source, mark.offset, source.byteLength, signal)) {
    const rows: unknown[][] = [];
    const start = Math.max(row, range.start);
    for (const line of parseLines(block)) {
      if (row >= range.end) break;
      if (line.row === undefined) continue;
      if (row >= range.start) rows.push(cellsOf(line.row, names));
      row++;
    }
    if (rows.length > 0) yield { start, rows };
    if (row >= range.end) return;
  }
}
