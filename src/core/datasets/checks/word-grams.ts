/** Runs of 13 words of a text as 64-bit hashes, rolled on from word to word (Karp and Rabin 1987, modulo 2^32, two lanes). */

import { mix32 } from './text-hash.ts';

/** The length that contamination is measured with since GPT-3 (Brown et al. 2020, appendix C). */
export const GRAM_WORDS = 13;

const LOW_BASE = 0x01000193;
const HIGH_BASE = 0x85ebca77 | 0;
const LOW_LEAVING = power(LOW_BASE, GRAM_WORDS);
const HIGH_LEAVING = power(HIGH_BASE, GRAM_WORDS);

function power(base: number, exponent: number): number {
  let result = 1;
  for (let step = 0; step < exponent; step++) result = Math.imul(result, base);
  return result;
}

/** `visit` sees both halves of the hash of every run; a text of fewer words is one run of all its words. */
export function visitGrams(words: Uint32Array, visit: (low: number, high: number) => void): void {
  let low = 0;
  let high = 0;
  for (let at = 0; at < words.length; at++) {
    const entering = words[at]!;
    low = (Math.imul(low, LOW_BASE) + entering) | 0;
    high = (Math.imul(high, HIGH_BASE) + entering) | 0;
    if (at >= GRAM_WORDS) {
      const leaving = words[at - GRAM_WORDS]!;
      low = (low - Math.imul(leaving, LOW_LEAVING)) | 0;
      high = (high - Math.imul(leaving, HIGH_LEAVING)) | 0;
    }
    if (at >= GRAM_WORDS - 1) visit(mix32(low), mix32(high));
  }
  if (words.length > 0 && words.length < GRAM_WORDS) visit(mix32(low ^ words.length), mix32(high));
}
