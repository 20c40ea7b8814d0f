/**
 * Lines with metrics read from their bytes. A run has a million of them, nearly all alike: of a plain one the names are
 * those of the line before, and its numbers are exact in a few multiplications. Whatever is not plain is left to the
 * JSON parser and the schema.
 */

import type { MetricsRow } from './metrics-row.ts';
import { parseTimestamp } from './timestamps.ts';

const SPACE = 32;
const QUOTE = 34;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const COLON = 58;
const BACKSLASH = 92;
const DELETE = 127;
const OPEN = 123;
const CLOSE = 125;
/** A place with no byte: where one thing failed, nothing that follows is taken. */
const NOWHERE = -1;
/** The bit that tells `e` from `E`. */
const LOWER_CASE = 32;
const LETTER_E = 101;

/**
 * Powers of ten that a double holds exactly. A quotient or product of one of them and a whole number that is exact,
 * too, is rounded once, and so is what the text says (Clinger 1990, "How to read floating point numbers accurately").
 */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

interface KnownText {
  readonly text: string;
  /** With the quote that ends it. */
  readonly bytes: Uint8Array;
}

export class MetricsLineReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Text of the line before, in its order. */
  readonly #known: KnownText[] = [];
  #slot = 0;
  /** Names of the values of the line before. */
  #layout: readonly KnownText[] = [];
  #names: readonly string[] = [];

  /**
   * The numbers of a line whose line feed is at `end`; undefined where the line is not a plain one with metrics. Never
   * of a line that the JSON parser and the schema would refuse or read otherwise.
   */
  read(bytes: Buffer, begin: number, end: number): MetricsRow | undefined {
    this.#bytes = bytes;
    this.#at = begin;
    this.#slot = 0;
    let [version, attempt, seq, step] = [0, 0, 0, -1];
    let [kind, time]: (string | undefined)[] = [];
    let [total, epoch]: (number | undefined)[] = [];
    let values: number[] | undefined;
    if (!this.#take(OPEN)) return undefined;
    do {
      switch (this.#name()) {
        case 'v':
          version = this.#number();
          break;
        case 'attempt':
          attempt = this.#number();
          break;
        case 'seq':
          seq = this.#number();
          break;
        case 'time':
          time = this.#text();
          break;
        case 'kind':
          kind = this.#quoted();
          break;
        case 'step':
          step = this.#number();
          break;
        case 'total_steps':
          total = this.#number();
          break;
        case 'epoch':
          epoch = this.#number();
          break;
        case 'values':
          values = this.#values();
          break;
        default:
          return undefined;
      }
    } while (this.#take(COMMA));
    if (!this.#take(CLOSE) || this.#at !== end) return undefined;
    if (version !== 1 || kind !== 'metrics' || time === undefined || values === undefined) return undefined;
    if (!isCount(attempt, 1) || !isCount(seq, 1) || !isCount(step, 0)) return undefined;
    if (total !== undefined && !isCount(total, 1)) return undefined;
    if (epoch !== undefined && !(epoch >= 0)) return undefined;
    const ms = parseTimestamp(time);
    if (!(ms >= 0)) return undefined;
    return {
      kind,
      attempt,
      step,
      totalSteps: total,
      epoch: epoch ?? Number.NaN,
      time,
      ms,
      names: this.#names,
      values,
    };
  }

  #values(): number[] | undefined {
    const begin = this.#at;
    const values = this.#valuesOfLayout();
    if (values !== undefined) return values;
    this.#at = begin;
    if (!this.#readLayout()) return this.#nothing();
    this.#at = begin;
    return this.#valuesOfLayout() ?? this.#nothing();
  }

  /** Undefined where the names are others than those of the line before. */
  #valuesOfLayout(): number[] | undefined {
    const layout = this.#layout;
    const values: number[] = [];
    if (!this.#take(OPEN)) return undefined;
    for (let index = 0; index < layout.length; index += 1) {
      if (index > 0 && !this.#take(COMMA)) return undefined;
      const { bytes } = layout[index]!;
      if (this.#bytes[this.#at] !== QUOTE || !this.#startsWith(bytes, this.#at + 1)) return undefined;
      this.#at += 1 + bytes.length;
      if (!this.#take(COLON)) return undefined;
      const value = this.#number();
      if (Number.isNaN(value)) return undefined;
      values.push(value);
    }
    return this.#take(CLOSE) ? values : undefined;
  }

  #readLayout(): boolean {
    const layout: KnownText[] = [];
    if (!this.#take(OPEN)) return false;
    if (!this.#take(CLOSE)) {
      do {
        const begin = this.#at + 1;
        const text = this.#text();
        // An object takes such names in another order, or not at all.
        if (text === undefined || text === '__proto__' || /^\d+$/.test(text)) return false;
        layout.push({ text, bytes: Uint8Array.from(this.#bytes.subarray(begin, this.#at)) });
        if (!this.#take(COLON) || Number.isNaN(this.#number())) return false;
      } while (this.#take(COMMA));
      if (!this.#take(CLOSE)) return false;
    }
    this.#layout = layout;
    this.#names = layout.map(({ text }) => text);
    // Of a name that is there twice, the last value counts.
    return new Set(this.#names).size === layout.length;
  }

  /** Takes the byte, with spaces before and after it. */
  #take(byte: number): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    while (bytes[at] === SPACE) at += 1;
    if (bytes[at] !== byte) return false;
    at += 1;
    while (bytes[at] === SPACE) at += 1;
    this.#at = at;
    return true;
  }

  #name(): string | undefined {
    const name = this.#quoted();
    return name !== undefined && this.#take(COLON) ? name : this.#nothing();
  }

  /** Text that is the same in most lines. */
  #quoted(): string | undefined {
    const slot = this.#slot;
    this.#slot += 1;
    const known = this.#known[slot];
    if (known !== undefined && this.#bytes[this.#at] === QUOTE && this.#startsWith(known.bytes, this.#at + 1)) {
      this.#at += 1 + known.bytes.length;
      return known.text;
    }
    const begin = this.#at + 1;
    const text = this.#text();
    if (text !== undefined) this.#known[slot] = { text, bytes: Uint8Array.from(this.#bytes.subarray(begin, this.#at)) };
    return text;
  }

  #startsWith(expected: Uint8Array, from: number): boolean {
    const bytes = this.#bytes;
    for (let at = 0; at < expected.length; at += 1) if (bytes[from + at] !== expected[at]) return false;
    return true;
  }

  /** Of plain ASCII characters only: nothing in it has to be decoded. */
  #text(): string | undefined {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== QUOTE) return this.#nothing();
    const begin = this.#at + 1;
    let at = begin;
    for (; bytes[at] !== QUOTE; at += 1) {
      const byte = bytes[at]!;
      if (!(byte >= SPACE && byte < DELETE) || byte === BACKSLASH) return this.#nothing();
    }
    this.#at = at + 1;
    return bytes.toString('latin1', begin, at);
  }

  /** A finite number as JSON writes it; NaN where there is none. */
  #number(): number {
    const bytes = this.#bytes;
    const begin = this.#at;
    let at = begin;
    const negative = bytes[at] === MINUS;
    if (negative) at += 1;
    let digit = bytes[at]! - 48;
    if (!isDigit(digit)) return this.#noNumber();
    // Past 2^53 it is no more exact, and never falls below that again.
    let whole = digit;
    at += 1;
    const leadingZero = whole === 0;
    for (digit = bytes[at]! - 48; isDigit(digit); digit = bytes[at]! - 48) {
      if (leadingZero) return this.#noNumber();
      whole = whole * 10 + digit;
      at += 1;
    }
    let power = 0;
    if (bytes[at] === DOT) {
      const point = at;
      at += 1;
      for (digit = bytes[at]! - 48; isDigit(digit); digit = bytes[at]! - 48) {
        whole = whole * 10 + digit;
        at += 1;
      }
      power = point + 1 - at;
      if (power === 0) return this.#noNumber();
    }
    if ((bytes[at]! | LOWER_CASE) === LETTER_E) {
      at += 1;
      const sign = bytes[at];
      if (sign === MINUS || sign === PLUS) at += 1;
      const first = at;
      let exponent = 0;
      for (digit = bytes[at]! - 48; isDigit(digit); digit = bytes[at]! - 48) {
        exponent = exponent * 10 + digit;
        at += 1;
      }
      if (at === first) return this.#noNumber();
      power += sign === MINUS ? -exponent : exponent;
    }
    this.#at = at;
    if (whole > Number.MAX_SAFE_INTEGER || power < -22 || power > 22) {
      const value = Number(bytes.toString('latin1', begin, at));
      return Number.isFinite(value) ? value : this.#noNumber();
    }
    const value = power < 0 ? whole / POWERS_OF_TEN[-power]! : whole * POWERS_OF_TEN[power]!;
    return negative ? -value : value;
  }

  #noNumber(): number {
    this.#at = NOWHERE;
    return Number.NaN;
  }

  #nothing(): undefined {
    this.#at = NOWHERE;
  }
}

const isDigit = (digit: number): boolean => digit >= 0 && digit <= 9;

const isCount = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least;
