/** What a reader found out about the ASCII texts of a row while it had their bytes at hand; jsonl-scan.wat says the same numbers. */

/** What a text may hold; `WIDE` texts are not ASCII. */
export const HOLDS = { at: 1, hyphen: 2, underscore: 4, capitalA: 8, capitalJ: 16, oddBlanks: 32, wide: 64 } as const;
/** Of a text that nothing is known of. */
export const ANYTHING = -1;

export class KnownTexts {
  readonly #texts: string[] = [];
  readonly #holds: number[] = [];
  #lanes = new Int32Array(4 * 8);
  #size = 0;

  clear(): void {
    this.#size = 0;
  }

  /** @param lanes four numbers: see `TextHash.known` */
  add(text: string, holds: number, lanes: Int32Array): void {
    const place = this.#size++;
    this.#texts[place] = text;
    this.#holds[place] = holds;
    if (4 * this.#size > this.#lanes.length) this.#lanes = grown(this.#lanes);
    for (let lane = 0; lane < 4; lane++) this.#lanes[4 * place + lane] = lanes[lane]!;
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
    return this.#lanes[4 * place + lane]!;
  }
}

function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
