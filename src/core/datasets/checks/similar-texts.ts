/**
 * An index of texts by locality-sensitive hashing of their signatures: 12 bands of 5 bins. Two texts with Jaccard similarity s
 * meet in a band with probability 1 - (1 - s^5)^12: 0.99 at 0.8, 0.31 at 0.5; then their whole signatures are compared.
 * Memory is about 64 bytes a text for its signature, 4 for its row and about 75 for the bands; no text is kept.
 */

import { BINS, similarity } from './min-hash.ts';
import { mix32 } from './text-hash.ts';

const BANDS = 12;
const BAND_BINS = 5;
const CHUNK_TEXTS = 2 ** 14;
const FULLEST = 0.75;
/** Less than twice, so that a large table is not far too large. */
const GROWTH = 1.5;
const FEWEST_TEXT_BITS = 20;

export class SimilarTexts {
  readonly #threshold: number;
  readonly #signatures: Uint8Array[] = [];
  readonly #rows: Uint32Array[] = [];
  #size = 0;
  /** Of the text that is looked for, band by band: the hash of the band, and its slot. */
  readonly #hashes = new Uint32Array(BANDS);
  readonly #slots = new Uint32Array(BANDS);
  readonly #bands = Array.from({ length: BANDS }, (_, band) => new Band((text) => this.#hashOfKept(text, band)));

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
      this.#hashes[band] = hashOf(signature, band * BAND_BINS, band);
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
    let slot = table.slotOf(hash, table.firstSlot(hash));
    let text = table.textAt(slot);
    // Bands that differ may share the kept bits of their hashes: they go on to the next slot.
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

  #hashOfKept(text: number, band: number): number {
    const chunk = this.#signatures[Math.floor(text / CHUNK_TEXTS)]!;
    return hashOf(chunk, (text % CHUNK_TEXTS) * BINS + band * BAND_BINS, band);
  }

  #rowOf(text: number): number {
    return this.#rows[Math.floor(text / CHUNK_TEXTS)]![text % CHUNK_TEXTS]!;
  }
}

/** @param from where the bins of the band begin */
function hashOf(signature: Uint8Array, from: number, band: number): number {
  let hash = band;
  for (let bin = from; bin < from + BAND_BINS; bin++) hash = Math.imul(hash ^ signature[bin]!, 0x01000193);
  return mix32(hash);
}

/**
 * The texts that stand for the values of one band: of texts that share a value, the first. An entry is four bytes: one plus the
 * text, or 0 for a free slot, and above it as many low bits of the hash as there is room for, so that a look-up seldom has to
 * fetch a signature from memory. The hash itself is made again from the signature where the table grows.
 */
class Band {
  #entries = new Uint32Array(1024);
  #size = 0;
  #textBits = FEWEST_TEXT_BITS;
  readonly #hashOf: (text: number) => number;

  constructor(hashOf: (text: number) => number) {
    this.#hashOf = hashOf;
  }

  /** Where to begin to look for a hash. */
  firstSlot(hash: number): number {
    return Math.floor((hash * this.#entries.length) / 2 ** 32);
  }

  /** The first slot from `start` on that may have the hash, or a free one. */
  slotOf(hash: number, start: number): number {
    const entries = this.#entries;
    const textBits = this.#textBits;
    const tag = (hash << textBits) >>> textBits;
    let slot = start === entries.length ? 0 : start;
    for (let entry = entries[slot]!; entry !== 0 && entry >>> textBits !== tag; entry = entries[slot]!) {
      if (++slot === entries.length) slot = 0;
    }
    return slot;
  }

  /** -1 for a free slot. */
  textAt(slot: number): number {
    return (this.#entries[slot]! & (2 ** this.#textBits - 1)) - 1;
  }

  /** Does nothing where the slot has its text. */
  fill(slot: number, hash: number, text: number): void {
    if (this.#entries[slot] !== 0) return;
    while (text + 1 >= 2 ** this.#textBits) this.#widen();
    this.#entries[slot] = (hash << this.#textBits) | (text + 1);
    this.#size++;
    if (this.#size > this.#entries.length * FULLEST) this.#grow();
  }

  /** One more bit for texts, one less for hashes. */
  #widen(): void {
    const from = this.#textBits++;
    const entries = this.#entries;
    for (let slot = 0; slot < entries.length; slot++) {
      const entry = entries[slot]!;
      if (entry !== 0) entries[slot] = ((entry >>> from) << this.#textBits) | (entry & (2 ** from - 1));
    }
  }

  #grow(): void {
    const from = this.#entries;
    const entries = new Uint32Array(Math.ceil(from.length * GROWTH));
    this.#entries = entries;
    for (const entry of from) {
      if (entry === 0) continue;
      // Every entry has a slot of its own, also where two bands share a hash.
      let slot = this.firstSlot(this.#hashOf((entry & (2 ** this.#textBits - 1)) - 1));
      while (entries[slot] !== 0) if (++slot === entries.length) slot = 0;
      entries[slot] = entry;
    }
  }
}
