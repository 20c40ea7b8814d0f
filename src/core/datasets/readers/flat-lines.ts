/**
 * Lines of JSONL whose values are all text, as one writer writes them: between the values every line has the same bytes, so
 * that they need not be parsed. Every other line is. Texts are views of their block, so they keep all of it in memory, and
 * on the way it is found out what can be known of them by their bytes.
 */

import { HOLDS, KnownTexts } from '../known-texts.ts';
import { decodeText, type LineBlock, type ParsedLine, parseLine, parseLines } from './jsonl-lines.ts';
import { WASM } from './jsonl-scan-wasm.ts';
import { grownTo, instantiate, type WebAssemblyMemory } from './web-assembly.ts';

const LINE_FEED = 10;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Where the numbers of a text are written, and the text of the block behind them. */
const NUMBERS = 0;
const TEXT = 64;
/** Read beyond what counts. */
const SLACK = 64;
/** Lines in a larger block are so long that parsing them takes as long. */
const LARGEST_BLOCK = 4 * 2 ** 20;

interface Exports {
  readonly memory: WebAssemblyMemory;
  marks(at: number, end: number, out: number): number;
  facts(at: number, length: number, out: number): number;
}

/** What is the same in every line. */
interface Template {
  readonly keys: readonly string[];
  /** The bytes before each value, and after the last; all of them end or begin with a quotation mark. */
  readonly gaps: readonly Uint8Array[];
  /** How many marks stand in each. */
  readonly gapMarks: readonly number[];
}

export class FlatLines {
  readonly #wasm = instantiate<Exports>(WASM);
  #memory = grownTo(this.#wasm.memory, 0);
  #numbers = new Int32Array(this.#wasm.memory.buffer, NUMBERS, 6);
  readonly #known = new KnownTexts();
  #template: Template | undefined;
  /** Of the block at hand: its text as Latin-1, where it ends in memory, and where its marks are. */
  #text = '';
  #end = TEXT;
  #marks = new Int32Array();
  #markCount = 0;
  /** The line that comes next, and its first mark. */
  #begin = TEXT;
  #mark = 0;

  /** As `parseLines`; what is known of the texts of a line holds until the next one. */
  *parse(block: LineBlock): Generator<ParsedLine> {
    if (block.bytes.length > LARGEST_BLOCK) {
      yield* parseLines(block);
      return;
    }
    this.#load(block.bytes);
    while (this.#begin < this.#end) {
      const offset = block.offset + this.#begin - TEXT;
      const row = this.#template && this.#flatRow(this.#template);
      yield row ? { offset, row, known: this.#known, like: this.#template! } : this.#anyLine(offset);
    }
  }

  #load(bytes: Buffer): void {
    const marksAt = (TEXT + bytes.length + SLACK + 3) & ~3;
    if (marksAt + 4 * bytes.length > this.#memory.length) {
      this.#memory = grownTo(this.#wasm.memory, marksAt + 4 * bytes.length);
      this.#numbers = new Int32Array(this.#wasm.memory.buffer, NUMBERS, 6);
    }
    this.#memory.set(bytes, TEXT);
    this.#end = TEXT + bytes.length;
    this.#markCount = this.#wasm.marks(TEXT, this.#end, marksAt);
    this.#marks = new Int32Array(this.#wasm.memory.buffer, marksAt, this.#markCount);
    this.#text = bytes.toString('latin1');
    this.#begin = TEXT;
    this.#mark = 0;
  }

  /** The row of the line at hand, where it follows the template; else undefined, and nothing has been moved on. */
  #flatRow({ keys, gaps, gapMarks }: Template): Record<string, unknown> | undefined {
    this.#known.clear();
    const row: Record<string, unknown> = {};
    let at = this.#begin;
    let mark = this.#mark;
    for (let value = 0; value < keys.length; value++) {
      if (!this.#holds(gaps[value]!, at)) return undefined;
      at += gaps[value]!.length;
      mark += gapMarks[value]!;
      const begin = at;
      let escaped = false;
      for (; mark < this.#markCount; mark++) {
        at = this.#marks[mark]!;
        if (this.#memory[at] === QUOTE) break;
        if (this.#memory[at] !== BACKSLASH) return undefined;
        escaped = true;
        if (this.#marks[mark + 1] === at + 1) mark++;
      }
      if (mark >= this.#markCount) return undefined;
      const text = escaped ? this.#unescaped(begin, at) : this.#plain(begin, at);
      if (text === undefined) return undefined;
      row[keys[value]!] = text;
    }
    const last = gaps[keys.length]!;
    const end = at + last.length;
    if (end > this.#end || !this.#holds(last, at) || (end < this.#end && this.#memory[end] !== LINE_FEED))
      return undefined;
    this.#begin = end + 1;
    this.#mark = mark + gapMarks[keys.length]! + 1;
    return row;
  }

  #holds(bytes: Uint8Array, at: number): boolean {
    for (let index = 0; index < bytes.length; index++) if (this.#memory[at + index] !== bytes[index]) return false;
    return true;
  }

  #plain(begin: number, end: number): string | undefined {
    const holds = this.#wasm.facts(begin, end - begin, NUMBERS);
    if ((holds & HOLDS.wide) !== 0) return decodeText(this.#memory.subarray(begin, end));
    const text = this.#text.slice(begin - TEXT, end - TEXT);
    this.#known.add(text, holds, this.#numbers);
    return text;
  }

  #unescaped(begin: number, end: number): string | undefined {
    const quoted = decodeText(this.#memory.subarray(begin - 1, end + 1));
    try {
      return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
    } catch {
      return undefined;
    }
  }

  #anyLine(offset: number): ParsedLine {
    const begin = this.#begin;
    const firstMark = this.#mark;
    while (this.#mark < this.#markCount && this.#memory[this.#marks[this.#mark]!] !== LINE_FEED) this.#mark++;
    const end = this.#mark < this.#markCount ? this.#marks[this.#mark]! : this.#end;
    const line = parseLine(decodeText(this.#memory.subarray(begin, end)), offset);
    if (line.row) this.#template = this.#templateOf(line.row, begin, end, firstMark) ?? this.#template;
    this.#begin = end + 1;
    this.#mark++;
    return line;
  }

  /** Undefined where the line has anything but texts, or anything odd in its keys. */
  #templateOf(row: Readonly<Record<string, unknown>>, begin: number, end: number, mark: number): Template | undefined {
    const keys = Object.keys(row);
    if (keys.length === 0 || !keys.every((key) => typeof row[key] === 'string' && isPlainKey(key))) return undefined;
    const quotes: number[] = [];
    for (let index = mark; index < this.#mark; index++) {
      const at = this.#marks[index]!;
      if (this.#memory[at] === QUOTE) quotes.push(at);
      if (this.#memory[at] === BACKSLASH && this.#marks[index + 1] === at + 1) index++;
    }
    // A key that comes twice has more of them.
    if (quotes.length !== 4 * keys.length) return undefined;
    const isKey = (key: string, index: number) =>
      this.#memory.toString('latin1', quotes[4 * index]! + 1, quotes[4 * index + 1]) === key;
    if (!keys.every(isKey)) return undefined;
    const edges = keys.map((_, index) => [quotes[4 * index - 1] ?? begin, quotes[4 * index + 2]! + 1] as const);
    edges.push([quotes.at(-1)!, end]);
    return {
      keys,
      gaps: edges.map(([from, to]) => Uint8Array.from(this.#memory.subarray(from, to))),
      gapMarks: edges.map(([from, to]) => this.#marks.filter((at) => at >= from && at < to).length),
    };
  }
}

/** Numbers come first among the keys of an object, in whatever order they are written. */
function isPlainKey(key: string): boolean {
  return /^[A-Za-z_][\w .-]*$/.test(key) && key !== '__proto__';
}
