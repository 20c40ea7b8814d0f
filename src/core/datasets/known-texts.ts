/** What a reader found out about the ASCII texts of a row while it had their bytes at hand; jsonl-scan.wat says the same numbers. */

/** What a text may hold; `WIDE` texts are not ASCII. */
export const HOLDS = { at: 1, hyphen: 2, underscore: 4, capitalA: 8, capitalJ: 16, oddBlanks: 32, wide: 64 } as const;
/** Of a text that nothing is known of. */
export const ANYTHING = -1;

/** Kept of each. */
const NUMBERS = 6;

export class KnownTexts {
  readonly #texts: string[] = [];
  readonly #holds: number[] = [];
  #numbers = new Int32Array(NUMBERS * 8);
  #size = 0;

  clear(): void {
    this.#size = 0;
  }

  /** @param numbers what `TextHash` makes of the text: its four lanes, and both halves of the hash of the text alone */
  add(text: string, holds: number, numbers: Int32Array): void {
    const place = this.#size++;
    this.#texts[place] = text;
    this.#holds[place] = holds;
    if (NUMBERS * this.#size > this.#numbers.length) this.#numbers = grown(this.#numbers);
    for (let index = 0; index < NUMBERS; index++) this.#numbers[NUMBERS * place + index] = numbers[index]!;
  }

  /** Which one equals the text, or -1: one that has been cut or joined is not among them. */
  find(text: string): number {
    for (let place = 0; place < this.#size; place++) if (this.#texts[place] === text) return place;
    return -1;
  }

  /** Bits of `HOLDS`. @param place from `find` */
  holds(place: number): number {
    return place < 0 ? ANYTHING : this.#holds[place]!;
  }

  lane(place: number, lane: number): number {
    return this.#numbers[NUMBERS * place + lane]!;
  }

  /** The halves of the hash of the text alone. */
  low(place: number): number {
    return this.#numbers[NUMBERS * place + 4]! >>> 0;
  }

  high(place: number): number {
    return this.#numbers[NUMBERS * place + 5]! >>> 0;
  }
}

function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
