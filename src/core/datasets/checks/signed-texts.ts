/** A log of texts as hashes and MinHash signatures, 80 bytes a text: what one thread has read of them for another one. */

import { BINS } from './min-hash.ts';

const NUMBERS = 4;
const CHUNK_TEXTS = 2 ** 12;

export interface SignedText {
  /** The halves of the hash of the text. */
  readonly low: number;
  readonly high: number;
  readonly row: number;
  /** Counts records, of which a row may hold several. */
  readonly record: number;
  readonly signature: Uint8Array;
}

export interface PackedTexts {
  readonly size: number;
  readonly numbers: readonly Uint32Array[];
  readonly signatures: readonly Uint8Array[];
}

export class SignedTexts {
  readonly #numbers: Uint32Array[] = [];
  readonly #signatures: Uint8Array[] = [];
  #size = 0;

  add({ low, high, row, record, signature }: SignedText): void {
    const place = this.#size % CHUNK_TEXTS;
    if (place === 0) {
      this.#numbers.push(new Uint32Array(CHUNK_TEXTS * NUMBERS));
      this.#signatures.push(new Uint8Array(CHUNK_TEXTS * BINS));
    }
    this.#numbers.at(-1)!.set([low, high, row, record], place * NUMBERS);
    this.#signatures.at(-1)!.set(signature, place * BINS);
    this.#size++;
  }

  pack(): PackedTexts {
    return { size: this.#size, numbers: this.#numbers, signatures: this.#signatures };
  }
}

export function isPackedTexts(packed: unknown): packed is PackedTexts {
  return typeof packed === 'object' && packed !== null && 'signatures' in packed && 'numbers' in packed;
}

/** Their memory can be handed to another thread instead of copied: what was packed is then gone here. */
export function buffersOf({ numbers, signatures }: PackedTexts): ArrayBuffer[] {
  return [...numbers, ...signatures].map(({ buffer }) => buffer as ArrayBuffer);
}

/** In the order in which they were added. */
export function* textsOf({ size, numbers, signatures }: PackedTexts): Generator<SignedText> {
  for (let text = 0; text < size; text++) {
    const chunk = Math.floor(text / CHUNK_TEXTS);
    const place = text % CHUNK_TEXTS;
    const [low = 0, high = 0, row = 0, record = 0] = numbers[chunk]!.subarray(place * NUMBERS, (place + 1) * NUMBERS);
    yield { low, high, row, record, signature: signatures[chunk]!.subarray(place * BINS, (place + 1) * BINS) };
  }
}
