/**
 * A 64-bit hash of text, many times faster than a cryptographic one on short texts: four lanes of 32 bits take turns to
 * rotate and multiply for every four characters of Latin-1, or two code units of other texts, mixed at the end with the
 * finaliser of MurmurHash3 (Appleby 2011). Among ten million texts two different ones collide with a probability of about 3
 * in a million; two that differ in one lane only, every fourth number, with 1 in 4 billion. It is not made to withstand an
 * attacker.
 */

import { HOLDS, type KnownTexts } from '../known-texts.ts';
import type { Message } from '../records.ts';
import { codeUnitPairsOf, latinFoursOf } from './code-units.ts';

/** No search at all in a text of Latin-1 characters, which V8 holds as bytes: there the expression can never match. */
const WIDE = /[\u0100-\uffff]/;
/** In each of four Latin-1 characters. */
const NOT_ASCII = 0x80808080 | 0;
const SEED_LOW = 0x9e3779b9 | 0;
const SEED_HIGH = 0x85ebca6b | 0;

/**
 * Fed with texts and numbers; `finish` leaves the hash in `low` and `high`, both unsigned, and in `isAscii` whether all of
 * the texts were ASCII, which costs nothing on the way; then it begins anew.
 */
export class TextHash {
  low = 0;
  high = 0;
  isAscii = true;
  #a = SEED_LOW;
  #b = SEED_HIGH;
  #onlyAscii = true;

  text(text: string): this {
    // Four chains of multiplications run side by side in the processor; every one ends in both halves of the hash.
    let a = SEED_LOW;
    let b = SEED_HIGH;
    let c = ~SEED_LOW;
    let d = ~SEED_HIGH;
    let bits = 0;
    const wide = WIDE.test(text);
    const words = wide ? codeUnitPairsOf(text) : latinFoursOf(text);
    const whole = wide ? text.length >>> 1 : text.length >>> 2;
    const end = whole & ~3;
    for (let at = 0; at < end; at += 4) {
      const first = words[at]! | 0;
      const second = words[at + 1]! | 0;
      const third = words[at + 2]! | 0;
      const fourth = words[at + 3]! | 0;
      bits |= first | second | third | fourth;
      a = Math.imul(((a << 13) | (a >>> 19)) ^ first, 0x85ebca77);
      b = Math.imul(((b << 13) | (b >>> 19)) ^ second, 0xc2b2ae3d);
      c = Math.imul(((c << 17) | (c >>> 15)) ^ third, 0x85ebca77);
      d = Math.imul(((d << 17) | (d >>> 15)) ^ fourth, 0xc2b2ae3d);
    }
    for (let at = end; at < whole; at++) {
      const word = words[at]! | 0;
      bits |= word;
      a = Math.imul(((a << 13) | (a >>> 19)) ^ word, 0x85ebca77);
    }
    this.number(a).number(b).number(c).number(d);
    for (let at = wide ? whole * 2 : whole * 4; at < text.length; at++) {
      const code = text.charCodeAt(at);
      bits |= code;
      this.number(code);
    }
    if (wide || (bits & NOT_ASCII) !== 0) this.#onlyAscii = false;
    // The length keeps apart what the boundaries between texts would blur, and its sign how the text was taken.
    return this.number(wide ? ~text.length : text.length);
  }

  /** The same as `textOfWords` for a text that is known, and so is ASCII. */
  knownOfWords(known: KnownTexts, place: number): this {
    if ((known.holds(place) & HOLDS.oddBlanks) !== 0) return this.textOfWords(known.text(place));
    const end = known.end(place);
    const length = end - known.begin(place);
    for (let lane = 0; lane < 4; lane++) this.number(known.lane(place, lane));
    for (let at = end - (length & 3); at < end; at++) this.number(known.byte(at));
    return this.number(length);
  }

  /**
   * The text without blanks at its ends, and with one blank for every run of them: as `promptKey` sees it.
   * @param known where the lanes of some texts are known
   */
  textOfWords(text: string, known?: KnownTexts): this {
    const place = known?.find(text) ?? -1;
    if (known && place >= 0) return this.knownOfWords(known, place);
    return this.text(hasOddBlanks(text) ? text.trim().replace(/\s+/g, ' ') : text);
  }

  number(value: number): this {
    this.#a = Math.imul(((this.#a << 13) | (this.#a >>> 19)) ^ value, 0x85ebca77);
    this.#b = Math.imul(((this.#b << 17) | (this.#b >>> 15)) ^ value, 0xc2b2ae3d);
    return this;
  }

  finish(): this {
    const a = this.#a ^ this.#b;
    this.low = mix32(a);
    this.high = mix32(Math.imul(this.#b, 0x27d4eb2f) ^ this.#a);
    this.isAscii = this.#onlyAscii;
    this.#a = SEED_LOW;
    this.#b = SEED_HIGH;
    this.#onlyAscii = true;
    return this;
  }
}

const NARROW_BLANKS = ['\t', '\n', '\v', '\f', '\r', '\u00a0'] as const;
const WIDE_BLANKS = /[\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;

/** Whether a text differs from its words with one space between them. Plain searches are many times faster than one expression. */
function hasOddBlanks(text: string): boolean {
  return (
    text.trim() !== text ||
    NARROW_BLANKS.some((blank) => text.includes(blank)) ||
    text.includes('  ') ||
    WIDE_BLANKS.test(text)
  );
}

/** The finaliser of MurmurHash3: every bit of the input changes about half of the bits of the unsigned result. */
export function mix32(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

export const ROLE_NUMBERS = { system: 1, user: 2, assistant: 3, tool: 4 } as const;

/** Leaves in `hash` what identifies a prompt: equal for prompts with an equal `promptKey`. */
export function hashPrompt(prompt: readonly Message[], hash: TextHash, known?: KnownTexts): TextHash {
  for (const { role, content } of prompt) hash.number(ROLE_NUMBERS[role]).textOfWords(content, known);
  return hash.finish();
}
