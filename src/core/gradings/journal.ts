/**
 * The grades of a file while it is being graded: a JSON line for each row, written behind the last. Whatever ends the work
 * leaves them there, and the work goes on behind them. Of a row with several lines the last one counts.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { actionable } from '../datasets/writers/output-file.ts';
import type { RowGrades } from './grade-row.ts';

const LINE_FEED = 10;
const CHUNK_BYTES = 2 ** 20;
/** Read ahead of a row: the next rows mostly lie behind it. */
const WINDOW_BYTES = 2 ** 16;
const ROW = Buffer.from('{"row":');

export const journalLine = ({ row, items }: RowGrades): string => `${JSON.stringify({ row, items })}\n`;

export class GradeJournal {
  readonly #file: string;
  readonly #handle: FileHandle;
  /** Of the line of each row; -1 where it has none. */
  readonly #offsets: Float64Array;
  #end = 0;
  #rows = 0;
  #window: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  private constructor(file: string, handle: FileHandle, rowCount: number) {
    this.#file = file;
    this.#handle = handle;
    this.#offsets = new Float64Array(rowCount).fill(-1);
  }

  /** Opens a journal, or begins one. A last line that was cut is taken away: its row has no grade. */
  static async open(file: string, rowCount: number, signal?: AbortSignal): Promise<GradeJournal> {
    return actionable(file, async () => {
      const handle = await open(file, 'a+');
      const journal = new GradeJournal(file, handle, rowCount);
      try {
        await journal.#load(signal);
        return journal;
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  /** How many rows have a line. */
  get rows(): number {
    return this.#rows;
  }

  has(row: number): boolean {
    return this.#offsets[row]! >= 0;
  }

  /** @param lines whole lines, as `journalLine` makes them */
  async append(lines: string): Promise<void> {
    const bytes = Buffer.from(lines);
    await actionable(this.#file, () => this.#handle.appendFile(bytes));
    this.#index(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Fast where rows are read in their order. Undefined where the row has no line. */
  async read(row: number): Promise<RowGrades | undefined> {
    const offset = this.#offsets[row]!;
    if (!(offset >= 0)) return undefined;
    for (let size = WINDOW_BYTES; ; size *= 4) {
      const { start, bytes } = this.#window;
      const feed = offset < start ? -1 : bytes.indexOf(LINE_FEED, offset - start);
      if (feed >= 0) return JSON.parse(bytes.toString('utf8', offset - start, feed)) as RowGrades;
      const window = Buffer.allocUnsafe(Math.min(size, this.#end - offset));
      const { bytesRead } = await this.#handle.read(window, 0, window.length, offset);
      this.#window = { start: offset, bytes: window.subarray(0, bytesRead) };
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #load(signal: AbortSignal | undefined): Promise<void> {
    let kept = Buffer.alloc(0);
    for (let at = 0; ; ) {
      signal?.throwIfAborted();
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await this.#handle.read(chunk, 0, CHUNK_BYTES, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const bytes = Buffer.concat([kept, chunk.subarray(0, bytesRead)]);
      const whole = bytes.lastIndexOf(LINE_FEED) + 1;
      this.#index(bytes.subarray(0, whole), this.#end);
      this.#end += whole;
      kept = bytes.subarray(whole);
    }
    if (kept.length > 0) await this.#handle.truncate(this.#end);
  }

  #index(bytes: Buffer, offset: number): void {
    for (let begin = 0; begin < bytes.length; ) {
      const feed = bytes.indexOf(LINE_FEED, begin);
      const row = rowOf(bytes, begin);
      if (row >= 0 && row < this.#offsets.length) {
        if (!this.has(row)) this.#rows++;
        this.#offsets[row] = offset + begin;
      }
      begin = feed + 1;
    }
  }
}

/** The number behind `{"row":`; -1 where there is none. */
function rowOf(bytes: Buffer, begin: number): number {
  if (bytes.compare(ROW, 0, ROW.length, begin, begin + ROW.length) !== 0) return -1;
  let row = 0;
  for (let at = begin + ROW.length; ; at++) {
    const digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return row;
    row = row * 10 + digit;
  }
}
