/** The dictionary of a column chunk; each word is converted once, when it is first wanted. */

import type { Convert } from './leaf-values.ts';
import type { RawValues } from './page-content.ts';

export class Dictionary {
  readonly #raw: RawValues;
  readonly #convert: Convert;
  readonly #words: unknown[] = [];

  constructor(raw: RawValues, convert: Convert) {
    this.#raw = raw;
    this.#convert = convert;
  }

  at(index: number): unknown {
    if (!(index >= 0 && index < this.#raw.length)) throw new Error('a value lies outside its dictionary');
    const word = this.#words[index];
    if (word !== undefined) return word;
    const converted = this.#convert(this.#raw.at(index));
    this.#words[index] = converted;
    return converted;
  }
}
