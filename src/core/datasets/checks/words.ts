/** The words of a text as 32-bit hashes: runs of letters and digits in lower case, and every single ideograph. */

import { BEYOND_WORDS, CharacterClass, characterTables } from './characters.ts';
import { codeUnitsOf } from './code-units.ts';
import { mix32 } from './text-hash.ts';

const SEED = 0x811c9dc5 | 0;

/** Reads text after text into one buffer, so that a pass over a file allocates next to nothing. */
export class WordHashes {
  #buffer = new Uint32Array(1024);

  /** One hash for each word, in order; valid until the next call. */
  read(text: string): Uint32Array {
    const { folded } = characterTables();
    const { length } = text;
    // A word takes a character at least.
    if (length > this.#buffer.length) this.#buffer = new Uint32Array(length * 2);
    const units = codeUnitsOf(text);
    const buffer = this.#buffer;
    let count = 0;
    for (let at = 0; at < length; at++) {
      let character = folded[units[at]!]!;
      if (character < BEYOND_WORDS) {
        let hash = SEED;
        do {
          hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ character, 0x85ebca77);
          character = ++at < length ? folded[units[at]!]! : BEYOND_WORDS;
        } while (character < BEYOND_WORDS);
        buffer[count++] = mix32(hash);
        if (at === length) break;
      }
      if (character >>> 16 === CharacterClass.ideograph) buffer[count++] = mix32(Math.imul(units[at]!, 0x9e3779b1));
    }
    return buffer.subarray(0, count);
  }
}
