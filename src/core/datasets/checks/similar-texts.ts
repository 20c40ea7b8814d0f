/**
 * An index of texts by locality-sensitive hashing of their signatures: 12 bands of 5 bins. Two texts with Jaccard similarity s
 * meet in a band with probability 1 - (1 - s^5)^12: 0.99 at 0.8, 0.31 at 0.5; then their whole signatures are compared.
 * Memory is about 64 bytes a text for its signature, 8 for its row and 130 for the bands; no text is kept.
 */

import { BINS, similarity } from './min-hash.ts';
import { mix32 } from './text-hash.ts';

const BANDS = 12;
const BAND_BINS = 5;
const CHUNK_TEXTS = 2 ** 14;
const FULLEST = 0.5;

export class SimilarTexts {
  readonly #threshold: number;
  readonly #signatures: Uint8Array[] = [];
  readonly #rows: Uint32Array[] = [];
  #size = 0;
  /** The slots of the text that is looked for, band by band. */
  readonly #slots = new Uint32Array(BANDS);
  /** Slot of a band -> one plus a text; 0 for a free slot. Of texts that share a band the first stands for all. */
  #bands = Array.from({ length: BANDS }, () => new Uint32Array(1024));

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
      const slot = this.#slotOf(band, signature);
      this.#slots[band] = slot;
      const other = this.#bands[band]![slot]! - 1;
      if (other < 0 || this.#rowOf(other) === row) continue;
      if (similarity(this.#equalBins(other, signature)) >= this.#threshold) return this.#rowOf(other);
    }
    this.#add(signature, row);
    return undefined;
  }

  #add(signature: Uint8Array, row: number): void {
    const place = this.#size % CHUNK_TEXTS;
    if (place === 0) {
      this.#signatures.push(new Uint8Array(CHUNK_TEXTS * BINS));
      this.#rows.push(new Uint32Array(CHUNK_TEXTS));
    }
    this.#signatures.at(-1)!.set(signature, place * BINS);
    this.#rows.at(-1)![place] = row;
    this.#size++;
    if (this.#size > this.#bands[0]!.length * FULLEST) this.#grow();
    else for (let band = 0; band < BANDS; band++) this.#fill(band, this.#slots[band]!, this.#size - 1);
  }

  #fill(band: number, slot: number, text: number): void {
    if (this.#bands[band]![slot] === 0) this.#bands[band]![slot] = text + 1;
  }

  #grow(): void {
    const slots = this.#bands[0]!.length * 2;
    this.#bands = this.#bands.map(() => new Uint32Array(slots));
    for (let text = 0; text < this.#size; text++) {
      const signature = this.#signatureOf(text);
      for (let band = 0; band < BANDS; band++) this.#fill(band, this.#slotOf(band, signature), text);
    }
  }

  /** The slot of the text that has this band, or a free one. */
  #slotOf(band: number, signature: Uint8Array): number {
    const slots = this.#bands[band]!;
    const mask = slots.length - 1;
    const from = band * BAND_BINS;
    let hash = band;
    for (let bin = from; bin < from + BAND_BINS; bin++) hash = Math.imul(hash ^ signature[bin]!, 0x01000193);
    let slot = mix32(hash) & mask;
    while (slots[slot] !== 0 && !this.#sameBand(slots[slot]! - 1, signature, from)) slot = (slot + 1) & mask;
    return slot;
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

  #signatureOf(text: number): Uint8Array {
    const start = (text % CHUNK_TEXTS) * BINS;
    return this.#signatures[Math.floor(text / CHUNK_TEXTS)]!.subarray(start, start + BINS);
  }

  #rowOf(text: number): number {
    return this.#rows[Math.floor(text / CHUNK_TEXTS)]![text % CHUNK_TEXTS]!;
  }
}
