/** Surface features: length, punctuation, structure and overlap with the prompt. Language neutral: no word lists. */

import type { Words } from './text.ts';

export const SURFACE_NAMES = [
  'log-characters',
  'log-characters-squared',
  'log-words',
  'log-sentences',
  'words-per-sentence',
  'word-length',
  'paragraphs',
  'list-items',
  'code-fences',
  'question-marks',
  'ends-with-question',
  'exclamation-marks',
  'commas',
  'quotes',
  'brackets',
  'digits',
  'capitals',
  'non-ascii',
  'ends-unfinished',
  'distinct-words',
  'repeated-phrases',
  'words-from-last-turn',
  'last-turn-covered',
  'words-from-prompt',
  'repeats-earlier-reply',
  'log-length-to-last-turn',
  'log-last-turn-words',
  'log-turns',
  'last-turn-question',
] as const;

export const SURFACE_COUNT = SURFACE_NAMES.length;

/** What the surface features look at. `lastTurn` is the last user turn, `earlierReplies` the assistant turns before. */
export interface SurfaceInput {
  readonly text: string;
  readonly words: Words;
  readonly lastTurnText: string;
  readonly lastTurn: Words;
  readonly prompt: Words;
  readonly earlierReplies: Words | undefined;
  readonly turns: number;
}

/**
 * Writes the raw (not yet standardised) features to `out`, in the order of `SURFACE_NAMES`.
 * Logarithms are natural, of 1 + count; rates are per word, between 0 and 1 or a little above; flags are 0 or 1.
 * They are kept as float32, so a last-bit difference of `Math.log` between platforms is rounded away.
 */
export function surfaceFeatures(input: SurfaceInput, out: Float32Array): void {
  const { text, words, lastTurn } = input;
  const marks = countMarks(text);
  const perWord = 1 / Math.max(1, words.wordCount);
  const logCharacters = Math.log1p(text.length);
  const logWords = Math.log1p(words.wordCount);
  const own = wordSet(words);
  const asked = wordSet(lastTurn);
  let at = 0;
  out[at++] = logCharacters;
  out[at++] = logCharacters * logCharacters;
  out[at++] = logWords;
  out[at++] = Math.log1p(marks.sentences);
  out[at++] = Math.log1p(words.wordCount / Math.max(1, marks.sentences));
  out[at++] = words.wordUnits * perWord;
  out[at++] = Math.log1p(marks.paragraphs);
  out[at++] = Math.log1p(marks.listItems);
  out[at++] = Math.log1p(marks.fences);
  out[at++] = Math.log1p(marks.questions);
  out[at++] = marks.endsWithQuestion ? 1 : 0;
  out[at++] = Math.log1p(marks.exclamations);
  out[at++] = marks.commas * perWord;
  out[at++] = Math.log1p(marks.quotes);
  out[at++] = Math.log1p(marks.brackets);
  out[at++] = marks.digits / Math.max(1, text.length);
  out[at++] = marks.capitals / Math.max(1, text.length);
  out[at++] = marks.nonAscii / Math.max(1, text.length);
  out[at++] = marks.endsUnfinished ? 1 : 0;
  out[at++] = own.size * perWord;
  out[at++] = repeatedShare(words);
  out[at++] = sharedTokens(words, asked) * perWord;
  out[at++] = shareOf(asked, own);
  out[at++] = sharedTokens(words, wordSet(input.prompt)) * perWord;
  out[at++] = input.earlierReplies ? shareOf(own, wordSet(input.earlierReplies)) : 0;
  out[at++] = logWords - Math.log1p(lastTurn.wordCount);
  out[at++] = Math.log1p(lastTurn.wordCount);
  out[at++] = Math.log1p(input.turns);
  out[at++] = input.lastTurnText.includes('?') ? 1 : 0;
}

function countMarks(text: string) {
  let sentences = 0;
  let paragraphs = 0;
  let questions = 0;
  let exclamations = 0;
  let commas = 0;
  let quotes = 0;
  let brackets = 0;
  let digits = 0;
  let capitals = 0;
  let nonAscii = 0;
  let listItems = 0;
  let fences = 0;
  let lineStart = true;
  let ended = true;
  let last = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x0a) {
      if (last === 0x0a) paragraphs++;
      lineStart = true;
      last = unit;
      continue;
    }
    if (lineStart && unit !== 0x20 && unit !== 0x09) {
      lineStart = false;
      if (startsListItem(text, index, unit)) listItems++;
      if (unit === 0x60 && text.startsWith('```', index)) fences++;
    }
    const stop = isSentenceEnd(unit);
    if (stop && !ended) sentences++;
    if (unit > 0x20) ended = stop || (ended && !isWordLike(unit));
    if (unit === 0x3f || unit === 0xff1f) questions++;
    else if (unit === 0x21 || unit === 0xff01) exclamations++;
    else if (unit === 0x2c || unit === 0x3001 || unit === 0xff0c) commas++;
    else if (unit === 0x22 || unit === 0x201c || unit === 0x201d) quotes++;
    else if (unit === 0x28 || unit === 0x5b) brackets++;
    else if (unit >= 0x30 && unit <= 0x39) digits++;
    else if (unit >= 0x41 && unit <= 0x5a) capitals++;
    if (unit > 0x7f) nonAscii++;
    last = unit;
  }
  const end = lastVisible(text);
  return {
    sentences: sentences + (ended ? 0 : 1),
    paragraphs,
    listItems,
    fences,
    questions,
    exclamations,
    commas,
    quotes,
    brackets,
    digits,
    capitals,
    nonAscii,
    endsWithQuestion: end === 0x3f || end === 0xff1f,
    endsUnfinished: end !== 0 && isWordLike(end),
  };
}

const isSentenceEnd = (unit: number): boolean =>
  unit === 0x2e || unit === 0x3f || unit === 0x21 || unit === 0x3002 || unit === 0xff1f || unit === 0xff01;

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;

const isWordLike = (unit: number): boolean =>
  isDigit(unit) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || unit === 0x2c || unit > 0xbf;

/** `- item`, `* item`, `+ item`, a bullet, `1. item` or `1) item`. */
function startsListItem(text: string, index: number, unit: number): boolean {
  if (unit === 0x2022) return true;
  if (unit === 0x2d || unit === 0x2a || unit === 0x2b) return text.charCodeAt(index + 1) === 0x20;
  let end = index;
  while (isDigit(text.charCodeAt(end))) end++;
  if (end === index || end > index + 3) return false;
  const after = text.charCodeAt(end);
  return after === 0x2e || after === 0x29;
}

function lastVisible(text: string): number {
  for (let index = text.length - 1; index >= 0; index--) {
    const unit = text.charCodeAt(index);
    if (unit > 0x20 && unit !== 0x22 && unit !== 0x29 && unit !== 0x201d) return unit;
  }
  return 0;
}

function wordSet(words: Words): Set<number> {
  const set = new Set<number>();
  for (let index = 0; index < words.tokenCount; index++) if (words.isWord[index]) set.add(words.hashes[index]!);
  return set;
}

/** Words of the text, repeats counted, that are in `known`. */
function sharedTokens(words: Words, known: ReadonlySet<number>): number {
  let shared = 0;
  for (let index = 0; index < words.tokenCount; index++) {
    if (words.isWord[index] && known.has(words.hashes[index]!)) shared++;
  }
  return shared;
}

/** Share of `part` that is in `whole`, 0 when `part` is empty. */
function shareOf(part: ReadonlySet<number>, whole: ReadonlySet<number>): number {
  if (part.size === 0) return 0;
  let shared = 0;
  for (const item of part) if (whole.has(item)) shared++;
  return shared / part.size;
}

/** Share of the runs of four tokens that came before in the same text: 0 for normal text, near 1 for a loop. */
function repeatedShare(words: Words): number {
  const runs = words.tokenCount - 3;
  if (runs < 1) return 0;
  const seen = new Set<number>();
  const { hashes } = words;
  for (let index = 0; index < runs; index++) {
    const pair = Math.imul(hashes[index]!, 31) ^ hashes[index + 1]!;
    const next = Math.imul(hashes[index + 2]!, 31) ^ hashes[index + 3]!;
    seen.add(Math.imul(pair, 0x9e3779b1) ^ next);
  }
  return 1 - seen.size / runs;
}
