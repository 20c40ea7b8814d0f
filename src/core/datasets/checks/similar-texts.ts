/**
 * An index of texts by locality-sensitive hashing of their signatures: 12 bands of 5 bins. Two texts with Jaccard similarity s
 * meet in a band with probability 1 - (1 - s^5)^12: 0.99 at 0.8, 0.31 at 0.5; then their whole signatures are compared.
 * Memory is about 64 bytes a text for its signature, 4 for its row and 200 for the bands; no text is kept.
 */

import { BINS, similarity } from './min-hash.ts';
import { mix32 } from './text-hash.ts';

const BANDS = 12;
const BAND_BINS = 5;
const CHUNK_TEXTS = 2 ** 14;
const FULLEST = 0.625;

export class SimilarTexts {
  readonly #threshold: number;
  readonly #signatures: Uint8Array[] = [];
  readonly #rows: Uint32Array[] = [];
  #size = 0;
  /** Of the text that is looked for, band by band: the hash of the band, and its slot. */
  readonly #hashes = new Uint32Array(BANDS);
  readonly #slots = new Uint32Array(BANDS);
  readonly #bands = Array.from({ length: BANDS }, () => new Band());

  /** @param threshold least estimated Jaccard similarity, 0 to 1 */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /**
   * Finds an earlier text of another row that is similar, and adds this one where there is none.
   * @returns the row of the earlier text
   */
  findOrAdd(signature: Uint8Array, row: number): number | undefined {
    for (let band = 0; band < BANDS; band++) {
      this.#hashes[band] = hashOf(signature, band);
      const other = this.#find(band, signature);
      if (other < 0 || this.#rowOf(other) === row) continue;
      if (similarity(this.#equalBins(other, signature)) >= this.#threshold) return this.#rowOf(other);
    }
    this.#add(signature, row);
    return undefined;
  }

  /** The text that stands for a band, or -1; its slot, or a free one, is noted. */
  #find(band: number, signature: Uint8Array): number {
    const table = this.#bands[band]!;
    const hash = this.#hashes[band]!;
    let slot = table.slotOf(hash, hash);
    let text = table.textAt(slot);
    // Bands that differ share a hash once in four billion: they go on to the next slot.
    while (text >= 0 && !this.#sameBand(text, signature, band * BAND_BINS)) {
      slot = table.slotOf(hash, slot + 1);
      text = table.textAt(slot);
    }
    this.#slots[band] = slot;
    return text;
  }

  #add(signature: Uint8Array, row: number): void {
    const place = this.#size % CHUNK_TEXTS;
    if (place === 0) {
      this.#signatures.push(new Uint8Array(CHUNK_TEXTS * BINS));
      this.#rows.push(new Uint32Array(CHUNK_TEXTS));
    }
    this.#signatures.at(-1)!.set(signature, place * BINS);
    this.#rows.at(-1)![place] = row;
    for (let band = 0; band < BANDS; band++) {
      this.#bands[band]!.fill(this.#slots[band]!, this.#hashes[band]!, this.#size);
    }
    this.#size++;
  }

  #sameBand(text: number, signature: Uint8Array, from: number): boolean {
    const chunk = this.#signatures[Math.floor(text / CHUNK_TEXTS)]!;
    const start = (text % CHUNK_TEXTS) * BINS;
    for (let bin = from; bin < from + BAND_BINS; bin++) if (chunk[start + bin] !== signature[bin]) return false;
    return true;
  }

  #equalBins(text: number, signature: Uint8Array): number {
    const chunk = this.#signatures[Math.floor(text / CHUNK_TEXTS)]!;
    const start = (text % CHUNK_TEXTS) * BINS;
    let equal = 0;
    for (let bin = 0; bin < BINS; bin++) if (chunk[start + bin] === signature[bin]) equal++;
    return equal;
  }

  #rowOf(text: number): number {
    return this.#rows[Math.floor(text / CHUNK_TEXTS)]![text % CHUNK_TEXTS]!;
  }
}

function hashOf(signature: Uint8Array, band: number): number {
  const from = band * BAND_BINS;
  let hash = band;
  for (let bin = from; bin < from + BAND_BINS; bin++) hash = Math.imul(hash ^ signature[bin]!, 0x01000193);
  return mix32(hash);
}

/**
 * The texts that stand for the values of one band: of texts that share a value, the first. The hash of the value lies beside
 * the text, so that a look-up seldom has to fetch a signature from memory.
 */
class Band {
  /** Hash, then one plus a text, or 0 for a free slot. */
  #entries = new Uint32Array(2 * 1024);
  #size = 0;

  /** The first slot from `start` on that has the hash, or a free one. */
  slotOf(hash: number, start: number): number {
    const entries = this.#entries;
    const mask = (entries.length >>> 1) - 1;
    let slot = start & mask;
    while (entries[2 * slot + 1] !== 0 && entries[2 * slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  /** -1 for a free slot. */
  textAt(slot: number): number {
    return this.#entries[2 * slot + 1]! - 1;
  }

  /** Does nothing where the slot has its text. */
  fill(slot: number, hash: number, text: number): void {
    if (this.#entries[2 * slot + 1] !== 0) return;
    this.#entries[2 * slot] = hash;
    this.#entries[2 * slot + 1] = text + 1;
    this.#size++;
    if (2 * this.#size > this.#entries.length * FULLEST) this.#grow();
  }

  #grow(): void {
    const entries = this.#entries;
    this.#entries = new Uint32Array(entries.length * 2);
    const mask = entries.length - 1;
    for (let at = 0; at < entries.length; at += 2) {
      if (entries[at + 1] === 0) continue;
      // Every entry has a slot of its own, also where two bands share a hash.
      let slot = entries[at]! & mask;
      while (this.#entries[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      this.#entries[2 * slot] = entries[at]!;
      this.#entries[2 * slot + 1] = entries[at + 1]!;
    }
  }
}
