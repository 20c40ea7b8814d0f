/**
 * Lines of JSONL whose values are all text, as one writer writes them: between the values every line has the same bytes, so
 * that they need not be parsed. Every other line is. A text is cut out of its bytes where somebody asks for the row; on the
 * way it is found out what can be known of it without.
 */

import { KnownTexts } from '../known-texts.ts';
import { decodeText, type LineBlock, type ParsedLine, parseLine, parseLines } from './jsonl-lines.ts';
import { NUMBER_BYTES, TextScan } from './text-scan.ts';

const LINE_FEED = 10;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Lines in a larger block are so long that parsing them takes as long. */
const LARGEST_BLOCK = 4 * 2 ** 20;

/** In memory: the numbers of the texts of a line, the template, and the text of the block. */
const MOST_TEXTS = 64;
const TEMPLATE = MOST_TEXTS * NUMBER_BYTES;
const TEXT = 2 ** 13;
const GAP_HEAD = 16;

/** What is the same in every line: its keys, and the bytes before each value and after the last. */
interface Template {
  readonly keys: readonly string[];
  readonly gaps: readonly Uint8Array[];
}

/** A line that follows the template; valid until the next one. */
class FlatLine implements ParsedLine {
  offset = 0;
  like: Template = { keys: [], gaps: [] };
  readonly known = new KnownTexts();
  /** Texts that are not among the known ones. */
  readonly others: (string | undefined)[] = [];

  get row(): Readonly<Record<string, unknown>> {
    const row: Record<string, unknown> = {};
    const { keys } = this.like;
    for (let value = 0; value < keys.length; value++) {
      row[keys[value]!] = this.others[value] ?? this.known.text(value);
    }
    return row;
  }
}

export class FlatLines {
  readonly #scan = new TextScan();
  readonly #line = new FlatLine();
  #template: Template | undefined;
  /** Of the block at hand: where it ends in memory, and where the line begins that comes next. */
  #end = TEXT;
  #begin = TEXT;

  constructor() {
    this.#line.known.attach(this.#scan.bytes, this.#scan.numbers);
  }

  /** As `parseLines`; a line holds until the next one. */
  *parse(block: LineBlock): Generator<ParsedLine> {
    if (block.bytes.length > LARGEST_BLOCK) {
      yield* parseLines(block);
      return;
    }
    this.#load(block.bytes);
    while (this.#begin < this.#end) {
      const offset = block.offset + this.#begin - TEXT;
      yield this.#flatLine(offset) ?? this.#anyLine(offset);
    }
  }

  #load(bytes: Buffer): void {
    // Behind the block there is as much room for what a line says without its escapes.
    if (this.#scan.makeRoom(TEXT + 2 * bytes.length)) this.#line.known.attach(this.#scan.bytes, this.#scan.numbers);
    this.#scan.bytes.set(bytes, TEXT);
    this.#begin = TEXT;
    this.#end = TEXT + bytes.length;
  }

  /** Undefined where the line at hand does not follow the template, and nothing has been moved on. */
  #flatLine(offset: number): FlatLine | undefined {
    if (this.#template === undefined) return undefined;
    const { length } = this.#template.keys;
    const next = this.#scan.line(this.#begin, this.#end, TEMPLATE, length, 0, this.#end);
    if (next === 0) return undefined;
    const line = this.#line;
    line.known.moveTo(0, 1, length);
    for (let value = 0; value < length; value++) {
      line.others[value] = undefined;
      if (line.known.isKnown(value)) continue;
      line.others[value] = this.#decoded(line.known.begin(value), line.known.end(value), line.known.holds(value));
      if (line.others[value] === undefined) return undefined;
    }
    line.offset = offset;
    line.like = this.#template;
    this.#begin = next;
    return line;
  }

  #decoded(begin: number, end: number, holds: number): string | undefined {
    if (holds >= 0) return decodeText(this.#scan.bytes.subarray(begin, end));
    const quoted = decodeText(this.#scan.bytes.subarray(begin - 1, end + 1));
    try {
      return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
    } catch {
      return undefined;
    }
  }

  #anyLine(offset: number): ParsedLine {
    const begin = this.#begin;
    const feed = this.#scan.bytes.indexOf(LINE_FEED, begin);
    const end = feed < 0 || feed > this.#end ? this.#end : feed;
    const line = parseLine(decodeText(this.#scan.bytes.subarray(begin, end)), offset);
    const template = line.row && this.#templateOf(line.row, begin, end);
    if (template) this.#follow(template);
    this.#begin = end + 1;
    return line;
  }

  #follow(template: Template): void {
    this.#template = template;
    let at = TEMPLATE;
    for (const gap of template.gaps) {
      this.#scan.bytes.writeUInt32LE(gap.length, at);
      this.#scan.bytes.set(gap, at + GAP_HEAD);
      at += sizeOf(gap);
    }
  }

  /** Undefined where the line has anything but texts, or anything odd in its keys. */
  #templateOf(row: Readonly<Record<string, unknown>>, begin: number, end: number): Template | undefined {
    const keys = Object.keys(row);
    if (keys.length === 0 || keys.length > MOST_TEXTS) return undefined;
    if (!keys.every((key) => typeof row[key] === 'string' && isPlainKey(key))) return undefined;
    const { bytes } = this.#scan;
    const quotes: number[] = [];
    for (let at = begin; at < end; at++) {
      if (bytes[at] === QUOTE) quotes.push(at);
      if (bytes[at] === BACKSLASH) at++;
    }
    // A key that comes twice has more of them.
    if (quotes.length !== 4 * keys.length) return undefined;
    const isKey = (key: string, index: number) =>
      bytes.toString('latin1', quotes[4 * index]! + 1, quotes[4 * index + 1]) === key;
    if (!keys.every(isKey)) return undefined;
    const edges = keys.map((_, index) => [quotes[4 * index - 1] ?? begin, quotes[4 * index + 2]! + 1] as const);
    edges.push([quotes.at(-1)!, end]);
    const gaps = edges.map(([from, to]) => Uint8Array.from(bytes.subarray(from, to)));
    const size = gaps.reduce((sum, gap) => sum + sizeOf(gap), 0);
    return size > TEXT - TEMPLATE ? undefined : { keys, gaps };
  }
}

/** In memory, as text-scan.wat goes from one to the next. */
function sizeOf(gap: Uint8Array): number {
  return (gap.length + GAP_HEAD + 15) & ~15;
}

/** Numbers come first among the keys of an object, in whatever order they are written. */
function isPlainKey(key: string): boolean {
  return /^[A-Za-z_][\w .-]*$/.test(key) && key !== '__proto__';
}
