/** A map from 64-bit hashes to whole numbers in typed arrays: at most 27 bytes an entry, where a `Map` of strings takes about 150. */

const FULLEST = 0.75;
const EMPTY = 0;

/** Values are from 0 to 2^32 - 2. */
export class HashTable {
  #low: Uint32Array;
  #high: Uint32Array;
  /** The value plus one; 0 for a free slot. */
  #values: Uint32Array;
  #size = 0;

  /** @param size how many keys are to be expected, where that is known */
  constructor(size = 0) {
    const capacity = Math.max(1024, 2 ** Math.ceil(Math.log2(size / FULLEST + 1)));
    this.#low = new Uint32Array(capacity);
    this.#high = new Uint32Array(capacity);
    this.#values = new Uint32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get(low: number, high: number): number | undefined {
    const value = this.#values[this.#slotOf(low, high)]!;
    return value === EMPTY ? undefined : value - 1;
  }

  /** Keeps the first value of a key. Returns the value that was there before, or undefined where the key is new. */
  add(low: number, high: number, value: number): number | undefined {
    const slot = this.#slotOf(low, high);
    const known = this.#values[slot]!;
    if (known !== EMPTY) return known - 1;
    this.#put(slot, low, high, value + 1);
    this.#size++;
    if (this.#size > this.#values.length * FULLEST) this.#grow();
    return undefined;
  }

  #slotOf(low: number, high: number): number {
    const mask = this.#values.length - 1;
    let slot = low & mask;
    while (this.#values[slot] !== EMPTY && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #put(slot: number, low: number, high: number, stored: number): void {
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#values[slot] = stored;
  }

  #grow(): void {
    const [low, high, values] = [this.#low, this.#high, this.#values];
    this.#low = new Uint32Array(low.length * 2);
    this.#high = new Uint32Array(low.length * 2);
    this.#values = new Uint32Array(low.length * 2);
    for (let at = 0; at < values.length; at++) {
      const stored = values[at]!;
      if (stored !== EMPTY) this.#put(this.#slotOf(low[at]!, high[at]!), low[at]!, high[at]!, stored);
    }
  }
}
