/** Reads JSONL: one pass at open finds the rows, later reads start near the row asked for. */

import { type FileReader, MALFORMED_LINES_KEPT, type MalformedLine, type RowBatch, type RowRange } from '../dataset.ts';
import { JsonColumns, jsonCells } from './json-types.ts';
import { openTextBytes, type TextBytes } from './text-bytes.ts';

const CHUNK_BYTES = 2 ** 20;
/** A row whose place is remembered comes every so many rows: a read parses at most as many rows too many. */
const INDEX_STEP = 512;

/**
 * Opens a JSONL file. A line that is not a JSON object is not a row: it is counted in `malformed` and the rest is used.
 * @throws StudioError for a file that is missing, empty or badly compressed
 */
export async function openJsonl(file: string, signal?: AbortSignal): Promise<FileReader> {
  const source = await openTextBytes(file);
  try {
    const index = await indexRows(file, source, signal);
    const columns = index.columns.columns();
    return {
      kind: 'jsonl',
      columns,
      rowCount: index.rowCount,
      malformed: { count: index.malformedCount, first: index.malformed },
      file: { path: file, bytes: source.fileBytes, rowCount: index.rowCount },
      read: (range, abort) => readRows(source, index.offsets, range, columns, abort),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

interface RowIndex {
  readonly columns: JsonColumns;
  /** `offsets[i]` is the byte at which row `i * INDEX_STEP` begins. */
  readonly offsets: number[];
  readonly malformed: MalformedLine[];
  rowCount: number;
  malformedCount: number;
}

async function indexRows(file: string, source: TextBytes, signal?: AbortSignal): Promise<RowIndex> {
  const index: RowIndex = { columns: new JsonColumns(), offsets: [], malformed: [], rowCount: 0, malformedCount: 0 };
  let line = 0;
  for await (const lines of readLines(source, 0, signal)) {
    for (const { offset, bytes } of lines) {
      line++;
      const parsed = parseLine(bytes);
      if (parsed === undefined) continue;
      if ('problem' in parsed) {
        index.malformedCount++;
        if (index.malformed.length < MALFORMED_LINES_KEPT)
          index.malformed.push({ file, line, message: parsed.problem });
        continue;
      }
      if (index.rowCount % INDEX_STEP === 0) index.offsets.push(offset);
      index.rowCount++;
      index.columns.observe(parsed.row);
    }
  }
  return index;
}

async function* readRows(
  source: TextBytes,
  offsets: readonly number[],
  range: RowRange,
  columns: FileReader['columns'],
  signal?: AbortSignal,
): AsyncGenerator<RowBatch> {
  const first = Math.floor(range.start / INDEX_STEP);
  const offset = offsets[first];
  if (offset === undefined || range.start >= range.end) return;
  const wanted = range.columns?.map((column) => columns[column]!) ?? columns;
  let row = first * INDEX_STEP;
  for await (const lines of readLines(source, offset, signal)) {
    const rows: unknown[][] = [];
    const start = Math.max(row, range.start);
    for (const { bytes } of lines) {
      if (row >= range.end) break;
      const parsed = parseLine(bytes);
      if (parsed === undefined || 'problem' in parsed) continue;
      if (row >= range.start) rows.push(jsonCells(parsed.row, wanted));
      row++;
    }
    if (rows.length > 0) yield { start, rows };
    if (row >= range.end) return;
  }
}

interface Line {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** The lines from a byte on, in groups of about `CHUNK_BYTES`. */
async function* readLines(source: TextBytes, from: number, signal?: AbortSignal): AsyncGenerator<Line[]> {
  let carried: Buffer[] = [];
  let carriedFrom = from;
  for (let at = from; at < source.byteLength; at += CHUNK_BYTES) {
    signal?.throwIfAborted();
    const chunk = await source.read(at, CHUNK_BYTES);
    const lines: Line[] = [];
    let begin = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, begin)) {
      const part = chunk.subarray(begin, end);
      lines.push({
        offset: carriedFrom,
        bytes: carried.length === 0 ? part : Buffer.concat([...carried, part]),
      });
      carried = [];
      begin = end + 1;
      carriedFrom = at + begin;
    }
    if (begin < chunk.length) carried.push(chunk.subarray(begin));
    if (lines.length > 0) yield lines;
    if (chunk.length === 0) return;
  }
  if (carried.length > 0) yield [{ offset: carriedFrom, bytes: Buffer.concat(carried) }];
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined for a blank line. */
function parseLine(bytes: Buffer): { row: object } | { problem: string } | undefined {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { problem: 'not valid UTF-8' };
  }
  if (text.trim() === '') return undefined;
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return { row };
    return { problem: 'valid JSON, but not an object with named fields' };
  } catch (error) {
    return { problem: `not valid JSON: ${(error as Error).message}` };
  }
}
