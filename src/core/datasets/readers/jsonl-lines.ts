/** The lines of a JSONL text, parsed, in blocks: what finding the rows, reading them and checking them have in common. */

import { isAscii } from 'node:buffer';
import type { KnownTexts } from '../known-texts.ts';
import { parseJson } from './json-text.ts';
import type { TextBytes } from './text-bytes.ts';

const CHUNK_BYTES = 2 ** 20;
/** Of blocks that are gone with the next: as much as the caches of a processor hold. */
const FORWARD_BYTES = 2 ** 16;
const LINE_FEED = 10;
const BRACE = 0x7b;

/** Whole lines; only the last line of a text may lack its line feed. */
export interface LineBlock {
  /** The byte of the text at which it begins. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A line: a row, or why it is none; a blank line has neither. */
export interface ParsedLine {
  readonly offset: number;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly problem?: string;
  /** What is known of its texts, until the next line is parsed; their places are those of the keys of `like`. */
  readonly known?: KnownTexts;
  /** Lines that are like the same have the same keys, in this order, and text under each. */
  readonly like?: { readonly keys: readonly string[] };
}

/**
 * The lines that begin at or after `from` and before `to`, in blocks of about `CHUNK_BYTES`. Where `from` lies inside a line,
 * that line belongs to who reads the bytes before: ranges that meet have every line once.
 */
export function readLineBlocks(
  source: TextBytes,
  from: number,
  to: number,
  signal?: AbortSignal,
): AsyncGenerator<LineBlock> {
  return lineBlocks(source, from, to, (at) => source.read(at, CHUNK_BYTES), signal);
}

/** The same in smaller blocks, of which each is gone with the next; nothing else is done while the file is read. */
export function readLineBlocksForward(source: TextBytes, from: number, to: number): AsyncGenerator<LineBlock> {
  const buffer = Buffer.allocUnsafeSlow(FORWARD_BYTES);
  return lineBlocks(source, from, to, (at) => source.readInto(buffer, at));
}

async function* lineBlocks(
  source: TextBytes,
  from: number,
  to: number,
  read: (at: number) => Buffer | Promise<Buffer>,
  signal?: AbortSignal,
): AsyncGenerator<LineBlock> {
  let start = from === 0 ? 0 : await lineStartFrom(source, from, signal);
  let carried: Buffer[] = [];
  for (let at = start; start < to && at < source.byteLength; ) {
    signal?.throwIfAborted();
    const chunk = await read(at);
    if (chunk.length === 0) break;
    at += chunk.length;
    const first = chunk.indexOf(LINE_FEED) + 1;
    if (first === 0) {
      carried.push(Buffer.from(chunk));
      continue;
    }
    if (carried.length > 0) {
      const line = Buffer.concat([...carried, chunk.subarray(0, first)]);
      yield { offset: start, bytes: line };
      start += line.length;
      carried = [];
    }
    const begin = start - (at - chunk.length);
    const end = endOfLines(chunk, begin, to - (at - chunk.length));
    if (end > begin) yield { offset: start, bytes: chunk.subarray(begin, end) };
    start += Math.max(0, end - begin);
    if (end < chunk.length) carried.push(Buffer.from(chunk.subarray(end)));
  }
  if (carried.length > 0 && start < to) yield { offset: start, bytes: Buffer.concat(carried) };
}

/** The end of the last complete line of the chunk that begins before `to`. */
function endOfLines(chunk: Buffer, begin: number, to: number): number {
  if (to <= begin) return begin;
  if (to >= chunk.length) return chunk.lastIndexOf(LINE_FEED) + 1;
  // The line that holds the byte before `to` is the last one.
  const feed = chunk.indexOf(LINE_FEED, to - 1);
  return feed < 0 ? chunk.lastIndexOf(LINE_FEED) + 1 : feed + 1;
}

/** The first byte at or after `at` that begins a line. */
async function lineStartFrom(source: TextBytes, at: number, signal?: AbortSignal): Promise<number> {
  for (let from = at - 1; from < source.byteLength; from += CHUNK_BYTES) {
    signal?.throwIfAborted();
    const chunk = await source.read(from, CHUNK_BYTES);
    const feed = chunk.indexOf(LINE_FEED);
    if (feed >= 0) return from + feed + 1;
  }
  return source.byteLength;
}

export function* parseLines({ offset, bytes }: LineBlock): Generator<ParsedLine> {
  // Of ASCII alone Latin-1 is the same text, and many times faster to decode.
  const ascii = isAscii(bytes);
  for (let begin = 0; begin < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, begin);
    const end = feed < 0 ? bytes.length : feed;
    const text = ascii ? bytes.toString('latin1', begin, end) : decodeText(bytes.subarray(begin, end));
    yield parseLine(text, offset + begin);
    begin = end + 1;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined where it is not UTF-8. */
export function decodeText(bytes: Buffer): string | undefined {
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

export function parseLine(text: string | undefined, offset: number): ParsedLine {
  if (text === undefined) return { offset, problem: 'not valid UTF-8' };
  if (text.charCodeAt(0) !== BRACE && text.trim() === '') return { offset };
  try {
    const row = parseJson(text);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) {
      return { offset, row: row as Record<string, unknown> };
    }
    return { offset, problem: 'valid JSON, but not an object with named fields' };
  } catch (error) {
    return { offset, problem: (error as Error).message };
  }
}

/** The cells of a row under the given names, in their order; a key that the row lacks is null. */
export function cellsOf(row: Readonly<Record<string, unknown>>, names: readonly string[]): unknown[] {
  const cells: unknown[] = new Array(names.length);
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const value = row[name];
    // A row inherits names such as `constructor`: only what it has itself counts.
    cells[index] = value === undefined || (name in Object.prototype && !Object.hasOwn(row, name)) ? null : value;
  }
  return cells;
}
