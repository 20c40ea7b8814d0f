/** Append-only JSON Lines: written a whole line at a time, read by offset, tolerant of a damaged or half-written line. */

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { EVENT_FORMAT_VERSION } from './events.ts';

/** Lines longer than this are damage, not events. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** Of a log that is garbage from end to end, this many lines are told. */
const MOST_PROBLEMS = 100;
const READ_CHUNK_BYTES = 1024 * 1024;

export interface LogProblem {
  /** Byte offset of the line in the file. */
  readonly offset: number;
  readonly message: string;
}

export interface LogSlice<T> {
  readonly entries: readonly T[];
  /** The first lines that could not be used; the rest were. */
  readonly problems: readonly LogProblem[];
  /** How many there were in all. */
  readonly damaged: number;
  /** Where to read on: the end of the last whole line. */
  readonly offset: number;
}

/** What turns the JSON of a line into an entry; a schema of zod is one. */
export interface EntryParser<T> {
  /**
   * Reads a line straight from its bytes, where it can; `end` is the place of its line feed. Undefined where the JSON of
   * the line has to be seen.
   */
  readPlain?(bytes: Buffer, begin: number, end: number): T | undefined;
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

/** Where a line stands in its file, in bytes. */
export interface LinePlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the whole lines from byte `offset` on. A line without its line feed is left for the next call.
 * A file that does not exist is an empty log; one that is shorter than `offset` was replaced and is read anew.
 */
export async function readLog<T>(file: string, parser: EntryParser<T>, offset = 0): Promise<LogSlice<T>> {
  const entries: T[] = [];
  const slice = await followLog(file, parser, offset, (entry) => entries.push(entry));
  return { entries, ...slice };
}

/** The same for logs of any length: entries are handed over one by one, and none is kept. */
export async function followLog<T>(
  file: string,
  parser: EntryParser<T>,
  offset: number,
  onEntry: (entry: T, place: LinePlace) => void,
): Promise<Omit<LogSlice<T>, 'entries'>> {
  const size = await stat(file).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    },
  );
  const start = size < offset ? 0 : offset;
  if (size === start) return { problems: [], damaged: 0, offset: start };
  const problems: LogProblem[] = [];
  let damaged = 0;
  const end = await eachWholeLine(file, start, size, (bytes, begin, feed, place) => {
    const plain = parser.readPlain?.(bytes, begin, feed);
    if (plain !== undefined) {
      onEntry(plain, place);
      return;
    }
    const text = bytes.toString('utf8', begin, feed);
    if (text === '' || text.trim() === '') return;
    const parsed = parseLine(text, parser);
    if ('message' in parsed) {
      damaged += 1;
      if (problems.length < MOST_PROBLEMS) problems.push({ offset: place.start, message: parsed.message });
    } else onEntry(parsed.value, place);
  });
  return { problems, damaged, offset: end };
}

/** Where the first line begins that is whole within the last `bytes` of a log. */
export async function tailOffset(file: string, bytes: number): Promise<number> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!handle) return 0;
  try {
    const { size } = await handle.stat();
    if (size <= bytes) return 0;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, size - bytes);
    const feed = buffer.subarray(0, bytesRead).indexOf(10);
    return feed === -1 ? size : size - bytes + feed + 1;
  } finally {
    await handle.close();
  }
}

/** How many entries a log has of one attempt: the number that a further writer of it goes on from. */
export async function countEntries(
  file: string,
  parser: EntryParser<{ readonly attempt: number }>,
  attempt: number,
): Promise<number> {
  let count = 0;
  await followLog(file, parser, 0, (entry) => {
    if (entry.attempt === attempt) count += 1;
  });
  return count;
}

function parseLine<T>(text: string, parser: EntryParser<T>): { value: T } | { message: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { message: `not JSON: ${preview(text)}` };
  }
  const result = parser.safeParse(json);
  return result.success ? { value: result.data } : { message: `not an entry of this log: ${preview(text)}` };
}

const preview = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Hands over every line that ends between the two bytes, as a part of a buffer; returns where the last of them ends. */
async function eachWholeLine(
  file: string,
  from: number,
  to: number,
  onLine: (bytes: Buffer, begin: number, end: number, place: LinePlace) => void,
): Promise<number> {
  const handle = await open(file, 'r');
  try {
    let buffer = Buffer.allocUnsafe(READ_CHUNK_BYTES);
    let held = 0;
    let heldStart = from;
    for (let position = from; position < to; ) {
      if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const { bytesRead } = await handle.read(buffer, held, Math.min(buffer.length - held, to - position), position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const filled = held + bytesRead;
      let begin = 0;
      for (let feed = buffer.indexOf(10, held); feed !== -1 && feed < filled; feed = buffer.indexOf(10, begin)) {
        onLine(buffer, begin, feed, { start: heldStart + begin, end: heldStart + feed + 1 });
        begin = feed + 1;
      }
      buffer.copyWithin(0, begin, filled);
      held = filled - begin;
      heldStart += begin;
      if (held > MAX_LINE_BYTES) {
        onLine(buffer, 0, 200, { start: heldStart, end: position });
        held = 0;
        heldStart = position;
      }
    }
    return heldStart;
  } finally {
    await handle.close();
  }
}

/** Appends entries of one attempt, each as one write, so that a reader never sees two writers' lines mixed. */
export class LogWriter<Body extends { kind: string }> {
  readonly #descriptor: number;
  readonly #attempt: number;
  #seq: number;
  #halfLine = false;

  /** @param seq number of this writer's entries already in the log for this attempt */
  constructor(file: string, attempt: number, seq = 0) {
    this.#descriptor = openSync(file, 'a+');
    this.#attempt = attempt;
    this.#seq = seq;
    this.#endHalfLine();
  }

  append(body: Body): void {
    this.#seq += 1;
    const head = { v: EVENT_FORMAT_VERSION, attempt: this.#attempt, seq: this.#seq, time: new Date().toISOString() };
    this.#write(`${this.#halfLine ? '\n' : ''}${JSON.stringify({ ...head, ...body })}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** A disk that fills up takes a part of a line: the next one is then begun anew. */
  #write(line: string): void {
    const bytes = Buffer.from(line);
    for (let written = 0; written < bytes.length; ) {
      this.#halfLine ||= written > 0;
      written += writeSync(this.#descriptor, bytes, written);
    }
    this.#halfLine = false;
  }

  /** A writer that was killed may have left half a line: end it, so that ours is whole. */
  #endHalfLine(): void {
    const { size } = fstatSync(this.#descriptor);
    if (size === 0) return;
    const last = Buffer.alloc(1);
    readSync(this.#descriptor, last, 0, 1, size - 1);
    if (last[0] !== 10) writeSync(this.#descriptor, '\n');
  }
}
