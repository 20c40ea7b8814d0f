/** What counts the tokens of a text, and two approximations that need no model and say so. */

import { WordHashes } from './words.ts';

export interface Tokenizer {
  /** As a report names it: `words x 1.3 (approximate)`. */
  readonly title: string;
  /** How many tokens of the model one unit of `encode` stands for: 1 for the model's own tokenizer. */
  readonly tokensPerUnit: number;
  /** One number for every unit of the text; equal units have equal numbers. */
  encode(text: string): ArrayLike<number>;
}

export const APPROXIMATE_TOKENIZERS = ['words', 'characters'] as const;
export type ApproximateTokenizer = (typeof APPROXIMATE_TOKENIZERS)[number];

/**
 * `words`: a word, or a single ideograph, is 1.3 tokens, as English is by common tokenizers (about 0.75 words a token).
 * `characters`: a character is a quarter of a token, the usual rule for English; far too few for Chinese or Japanese.
 */
export function approximateTokenizer(name: ApproximateTokenizer): Tokenizer {
  if (name === 'words') return words();
  return { title: 'characters / 4 (approximate)', tokensPerUnit: 0.25, encode: codeUnits };
}

function words(): Tokenizer {
  const hashes = new WordHashes();
  return {
    title: 'words x 1.3 (approximate)',
    tokensPerUnit: 1.3,
    encode: (text) => hashes.read(text).slice(),
  };
}

function codeUnits(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at);
  return codes;
}
