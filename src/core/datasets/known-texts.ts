/**
 * The texts of a row as bytes, and what a reader found out about them while it had these at hand; text-scan.wat says the
 * same numbers. A text is cut out where somebody wants to read it: most checks never do.
 */

/** What a text may hold; `wide` texts are not ASCII, and `odd` ones are blank or may be JSON. */
export const HOLDS = {
  at: 1,
  hyphen: 2,
  underscore: 4,
  capitalA: 8,
  capitalJ: 16,
  oddBlanks: 32,
  wide: 64,
  odd: 128,
} as const;
/** Of a text that nothing is known of. */
export const ANYTHING = -1;

/** Kept of each text: its four lanes, both halves of its hash, what it holds, and where it begins and ends. */
export const NUMBERS = 9;
const LOW = 4;
const HIGH = 5;
const FLAGS = 6;
const BEGIN = 7;
const END = 8;

export class KnownTexts {
  #bytes: Buffer = Buffer.alloc(0);
  #numbers: Int32Array = new Int32Array();
  #first = 0;
  #step = 0;
  #size = 0;
  readonly #cut: (string | undefined)[] = [];

  /** Where the texts lie, and the numbers of them. */
  attach(bytes: Buffer, numbers: Int32Array): void {
    this.#bytes = bytes;
    this.#numbers = numbers;
  }

  /** Moves on to a row of so many texts: the place of the first among all numbers, and how many lie between two. */
  moveTo(first: number, step: number, size: number): void {
    this.#first = first * NUMBERS;
    this.#step = step * NUMBERS;
    this.#size = size;
    for (let place = 0; place < size; place++) this.#cut[place] = undefined;
  }

  get size(): number {
    return this.#size;
  }

  /** Of other texts nothing but where they begin and end. */
  isKnown(place: number): boolean {
    return (this.holds(place) & HOLDS.wide) === 0;
  }

  /** Which one equals the text, or -1: one that has been joined, or cut by somebody else, is not among them. */
  find(text: string): number {
    for (let place = 0; place < this.#size; place++) if (this.#cut[place] === text) return place;
    return -1;
  }

  /** @param place of a text that is known */
  text(place: number): string {
    const text = this.#cut[place] ?? this.#bytes.toString('latin1', this.begin(place), this.end(place));
    this.#cut[place] = text;
    return text;
  }

  /** Bits of `HOLDS`. */
  holds(place: number): number {
    return place < 0 ? ANYTHING : this.#number(place, FLAGS);
  }

  lane(place: number, lane: number): number {
    return this.#number(place, lane);
  }

  /** The halves of the hash of the text alone. */
  low(place: number): number {
    return this.#number(place, LOW) >>> 0;
  }

  high(place: number): number {
    return this.#number(place, HIGH) >>> 0;
  }

  begin(place: number): number {
    return this.#number(place, BEGIN);
  }

  end(place: number): number {
    return this.#number(place, END);
  }

  /** @param at from `begin` to `end` */
  byte(at: number): number {
    return this.#bytes[at]!;
  }

  #number(place: number, which: number): number {
    return this.#numbers[this.#first + place * this.#step + which]!;
  }
}
