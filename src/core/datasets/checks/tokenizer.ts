/** What counts the tokens of a text. The two here are approximations, and say so. */

import { StudioError } from '../../errors.ts';
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

/**
 * `words`: a word, or a single ideograph, is 1.3 tokens, as English is by common tokenizers (about 0.75 words a token).
 * `characters`: a character is a quarter of a token, the usual rule for English; far too few for Chinese or Japanese.
 * @throws StudioError 'not-available' for anything else
 */
export function approximateTokenizer(name: string): Tokenizer {
  if (name === 'words') return words();
  if (name === 'characters') {
    return { title: 'characters / 4 (approximate)', tokensPerUnit: 0.25, encode: codeUnits };
  }
  throw new StudioError('not-available', `The tokenizer "${name}" cannot be loaded: this version holds no tokenizer.`, {
    hint: `Choose an approximation, --tokenizer ${APPROXIMATE_TOKENIZERS.join(' or --tokenizer ')}; it leaves out punctuation and the chat template.`,
  });
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
