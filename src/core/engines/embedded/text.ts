/** A text as the features see it: lower-cased code units, and words as ranges of them with their hashes. */

import { hashEnd, hashStart, hashStep } from './hashing.ts';

const OTHER = 0;
const WORD = 1;
const SINGLE = 2;
const MARK = 3;

const LETTER_OR_NUMBER = /[\p{L}\p{N}\p{M}_]/u;
const SPACE = /\s/;

/** Class of each code unit, found on first use: 0 means not looked up yet. */
const knownClasses = new Uint8Array(65536);

function classify(unit: number): number {
  const known = knownClasses[unit]!;
  if (known !== 0) return known - 1;
  const found = classOf(unit);
  knownClasses[unit] = found + 1;
  return found;
}

function classOf(unit: number): number {
  if (unit === 0x27 || unit === 0x2019) return WORD; // apostrophes stay inside words: don't
  // Scripts written without blanks (kana, Han) and halves of surrogate pairs: one unit is one word.
  if ((unit >= 0x3040 && unit <= 0x30ff) || (unit >= 0x3400 && unit <= 0x9fff)) return SINGLE;
  if ((unit >= 0xd800 && unit <= 0xdfff) || (unit >= 0xf900 && unit <= 0xfaff)) return SINGLE;
  const character = String.fromCharCode(unit);
  if (LETTER_OR_NUMBER.test(character)) return WORD;
  return SPACE.test(character) ? OTHER : MARK;
}

export interface Words {
  /** Lower-cased code units of the text. */
  readonly units: Uint16Array;
  /** One hash per token, in order. */
  readonly hashes: Int32Array;
  /** 1 where the token is a word, 0 where it is a punctuation mark. */
  readonly isWord: Uint8Array;
  readonly tokenCount: number;
  readonly wordCount: number;
  /** Code units inside words. */
  readonly wordUnits: number;
}

const WORD_SALT = 0x77;

/**
 * Splits a text into words and punctuation marks. Words are runs of letters, marks of combination, digits and
 * apostrophes of any script; a run of the same punctuation mark is one token. Lower-casing is Unicode's default
 * (`toLowerCase`, no locale); the right single quotation mark counts as an apostrophe.
 */
export function splitWords(text: string): Words {
  const lower = text.toLowerCase();
  const length = lower.length;
  const units = new Uint16Array(length);
  const hashes = new Int32Array(length);
  const isWord = new Uint8Array(length);
  let tokens = 0;
  let words = 0;
  let wordUnits = 0;
  let at = 0;
  for (let index = 0; index < length; index++) {
    const unit = lower.charCodeAt(index);
    units[index] = unit === 0x2019 ? 0x27 : unit;
  }
  while (at < length) {
    const first = units[at]!;
    const kind = classify(first);
    let end = at + 1;
    if (kind === OTHER) {
      at = end;
      continue;
    }
    let hash = hashStep(hashStart(WORD_SALT), first);
    if (kind === WORD) {
      for (; end < length && classify(units[end]!) === WORD; end++) hash = hashStep(hash, units[end]!);
    } else if (kind === MARK) {
      while (end < length && units[end] === first) end++;
    }
    if (kind !== MARK) {
      isWord[tokens] = 1;
      words++;
      wordUnits += end - at;
    }
    hashes[tokens++] = hashEnd(hash);
    at = end;
  }
  return {
    units,
    hashes: hashes.subarray(0, tokens),
    isWord: isWord.subarray(0, tokens),
    tokenCount: tokens,
    wordCount: words,
    wordUnits,
  };
}
