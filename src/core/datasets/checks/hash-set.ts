/** A set of 64-bit hashes in a typed array: 8 bytes a slot, where a `HashTable` takes 12. */

const FULLEST = 0.75;

/** Low half and high half. */
const NUMBERS = 2;

export class HashSet {
  #entries = new Uint32Array(1024 * NUMBERS);
  #capacity = 1024;
  #size = 0;
  /** Both halves 0 is what a free slot has. */
  #hasZero = false;

  /** Whether the hash is new. */
  add(low: number, high: number): boolean {
    if (low === 0 && high === 0) {
      const known = this.#hasZero;
      this.#hasZero = true;
      return !known;
    }
    const place = this.#placeOf(low, high);
    if (!this.#isFree(place)) return false;
    this.#entries[place] = low;
    this.#entries[place + 1] = high;
    this.#size++;
    if (this.#size > this.#capacity * FULLEST) this.#grow();
    return true;
  }

  #isFree(place: number): boolean {
    return this.#entries[place] === 0 && this.#entries[place + 1] === 0;
  }

  #placeOf(low: number, high: number): number {
    const entries = this.#entries;
    const mask = this.#capacity - 1;
    let slot = low & mask;
    let place = slot * NUMBERS;
    while (!this.#isFree(place) && (entries[place] !== low || entries[place + 1] !== high)) {
      slot = (slot + 1) & mask;
      place = slot * NUMBERS;
    }
    return place;
  }

  #grow(): void {
    const entries = this.#entries;
    this.#capacity *= 2;
    this.#entries = new Uint32Array(this.#capacity * NUMBERS);
    for (let at = 0; at < entries.length; at += NUMBERS) {
      const [low, high] = [entries[at]!, entries[at + 1]!];
      if (low === 0 && high === 0) continue;
      const place = this.#placeOf(low, high);
      this.#entries[place] = low;
      this.#entries[place + 1] = high;
    }
  }
}
