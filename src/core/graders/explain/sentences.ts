/** The sentences of a text, as ranges that follow each other and leave nothing out. */

import type { TextRange } from '../locate/located.ts';

/** At the end of what Unicode's rules take for a sentence, in the same line. */
const ABBREVIATED = /(?:^|[\s(["'])(?:Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|Fig|Eq|Vol|Sec|vs|cf|al|approx|e\.g|i\.e)\.[^\S\n]*$/;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * By the rules of Unicode (UAX #29), and by lines: an item of a list or a line of code is one. After an English
 * abbreviation that is hardly ever a last word a sentence goes on. White space belongs to the sentence before it, at the beginning to the
 * first one.
 */
export function sentencesOf(text: string): TextRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { segment, index } of segmenter.segment(text)) {
    for (let begin = 0; begin < segment.length; ) {
      const feed = segment.indexOf('\n', begin);
      const end = feed < 0 ? segment.length : feed + 1;
      take(ranges, text, index + begin, index + end);
      begin = end;
    }
  }
  return ranges;
}

function take(ranges: { start: number; end: number }[], text: string, start: number, end: number): void {
  const last = ranges.at(-1);
  const blank = text.slice(start, end).trim() === '';
  // What is blank so far is the beginning of the first sentence.
  const before = last === undefined ? '' : text.slice(last.start, last.end);
  const unbegun = before.trim() === '' || ABBREVIATED.test(before);
  if (last !== undefined && (blank || unbegun)) last.end = end;
  else ranges.push({ start, end });
}
