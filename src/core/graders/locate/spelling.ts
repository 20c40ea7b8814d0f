/**
 * How a string is spelled in a document: which characters stand for each UTF-16 unit of its value. An escape may stand for
 * several units, for one, or for none; a string inside a string is spelled by what spells the outer one.
 */

import type { TextRange } from './located.ts';

export class Spelling {
  readonly value: string;
  /** What lies between the quotes. */
  readonly inside: TextRange;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  /** @param starts, ends of each unit of the value, where it is spelled */
  constructor(value: string, inside: TextRange, starts: Uint32Array, ends: Uint32Array) {
    this.value = value;
    this.inside = inside;
    this.#starts = starts;
    this.#ends = ends;
  }

  /** Where a part of the value is spelled; of an empty part, an empty range. */
  rangeOf(from: number, to: number): TextRange {
    if (from >= to) {
      const at = this.#starts[from] ?? this.inside.end;
      return { start: at, end: at };
    }
    return { start: this.#starts[from]!, end: this.#ends[to - 1]! };
  }

  /** The least part of the value that a range touches and that cuts no escape and no surrogate pair. */
  partAt(range: TextRange): { readonly from: number; readonly to: number } {
    let from = this.#first((index) => this.#ends[index]! > range.start);
    let to = this.#first((index) => this.#starts[index]! >= range.end);
    if (to <= from) return { from, to: from };
    while (from > 0 && this.#isOne(from - 1)) from -= 1;
    while (to < this.value.length && this.#isOne(to - 1)) to += 1;
    return { from, to };
  }

  /** The spelling of a string that is written in this one's value. */
  within(inner: Spelling): Spelling {
    const length = inner.value.length;
    const starts = new Uint32Array(length);
    const ends = new Uint32Array(length);
    for (let index = 0; index < length; index++) {
      const { start, end } = inner.rangeOf(index, index + 1);
      starts[index] = this.#starts[start]!;
      ends[index] = this.#ends[end - 1]!;
    }
    return new Spelling(inner.value, this.rangeOf(inner.inside.start, inner.inside.end), starts, ends);
  }

  /** Whether a unit and the next one are one character, or come from one escape. */
  #isOne(index: number): boolean {
    const next = index + 1;
    return isPair(this.value, index) || this.#starts[index] === this.#starts[next];
  }

  #first(holds: (index: number) => boolean): number {
    let low = 0;
    let high = this.value.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** One string of several literals that follow each other. */
export function joined(spellings: readonly Spelling[]): Spelling | undefined {
  const [first] = spellings;
  const last = spellings.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (spellings.length === 1) return first;
  const builder = new SpellingBuilder();
  for (const spelling of spellings) {
    for (let index = 0; index < spelling.value.length; index++) {
      const { start, end } = spelling.rangeOf(index, index + 1);
      builder.add(spelling.value[index]!, start, end);
    }
  }
  return builder.build({ start: first.inside.start, end: last.inside.end });
}

export class SpellingBuilder {
  readonly #texts: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Text that stands for itself. */
  addPlain(text: string, start: number): void {
    this.#texts.push(text);
    for (let index = 0; index < text.length; index++) {
      this.#starts.push(start + index);
      this.#ends.push(start + index + 1);
    }
  }

  /** Text that stands at `start` to `end` in another form. */
  add(text: string, start: number, end: number): void {
    this.#texts.push(text);
    for (let index = 0; index < text.length; index++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  build(inside: TextRange): Spelling {
    return new Spelling(this.#texts.join(''), inside, Uint32Array.from(this.#starts), Uint32Array.from(this.#ends));
  }
}

function isPair(text: string, index: number): boolean {
  const [first, second] = [text.charCodeAt(index), text.charCodeAt(index + 1)];
  return first >= 0xd800 && first <= 0xdbff && second >= 0xdc00 && second <= 0xdfff;
}
