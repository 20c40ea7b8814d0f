/** A map from 64-bit hashes to whole numbers in typed arrays: at most 27 bytes an entry, where a `Map` of strings takes about 150. */

const FULLEST = 0.75;
const EMPTY = 0;

/** Low half, high half, and the value plus one, or 0 for a free slot: side by side, as they are needed together. */
const NUMBERS = 3;

/** Values are from 0 to 2^32 - 2. */
export class HashTable {
  #entries: Uint32Array;
  #capacity: number;
  #size = 0;

  /** @param size how many keys are to be expected, where that is known */
  constructor(size = 0) {
    this.#capacity = Math.max(1024, 2 ** Math.ceil(Math.log2(size / FULLEST + 1)));
    this.#entries = new Uint32Array(this.#capacity * NUMBERS);
  }

  get size(): number {
    return this.#size;
  }

  get(low: number, high: number): number | undefined {
    const stored = this.#entries[this.#placeOf(low, high) + 2]!;
    return stored === EMPTY ? undefined : stored - 1;
  }

  /** Keeps the first value of a key. Returns the value that was there before, or undefined where the key is new. */
  add(low: number, high: number, value: number): number | undefined {
    const place = this.#placeOf(low, high);
    const known = this.#entries[place + 2]!;
    if (known !== EMPTY) return known - 1;
    this.#put(place, low, high, value + 1);
    this.#size++;
    if (this.#size > this.#capacity * FULLEST) this.#grow();
    return undefined;
  }

  #placeOf(low: number, high: number): number {
    const entries = this.#entries;
    const mask = this.#capacity - 1;
    let slot = low & mask;
    let place = slot * NUMBERS;
    while (entries[place + 2] !== EMPTY && (entries[place] !== low || entries[place + 1] !== high)) {
      slot = (slot + 1) & mask;
      place = slot * NUMBERS;
    }
    return place;
  }

  #put(place: number, low: number, high: number, stored: number): void {
    this.#entries[place] = low;
    this.#entries[place + 1] = high;
    this.#entries[place + 2] = stored;
  }

  #grow(): void {
    const entries = this.#entries;
    this.#capacity *= 2;
    this.#entries = new Uint32Array(this.#capacity * NUMBERS);
    for (let at = 0; at < entries.length; at += NUMBERS) {
      const [low, high, stored] = [entries[at]!, entries[at + 1]!, entries[at + 2]!];
      if (stored !== EMPTY) this.#put(this.#placeOf(low, high), low, high, stored);
    }
  }
}
