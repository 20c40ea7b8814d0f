/** Where the sentences of a response stand in a document that may spell its text with escapes. */

import type { TextRange } from '../locate/located.ts';
import { sentencesOf } from './sentences.ts';

export interface SpelledSentence {
  /** In the document. */
  readonly spelled: TextRange;
  /** In the text of the response. */
  readonly text: TextRange;
}

/**
 * @param raw what stands in the document from `start` on
 * @param content the text that it means
 * @param meant what a part of the document means; undefined where it means nothing by itself
 * @returns undefined where the parts do not make up the text
 */
export function spelledSentences(
  raw: string,
  start: number,
  content: string,
  meant: (part: TextRange) => string | undefined,
): SpelledSentence[] | undefined {
  // An escaped line feed is as long as two line feeds, and ends a line as they do.
  const ranges = sentencesOf(raw.replaceAll(/\\[nr]/g, '\n\n'));
  const found: { spelled: TextRange; text: { start: number; end: number } }[] = [];
  let from = 0;
  for (const { start: begin, end } of ranges) {
    const spelled = { start: start + begin, end: start + end };
    const text = meant(spelled)?.trim();
    if (!text) continue;
    const at = content.indexOf(text, from);
    if (at < 0 || content.slice(from, at).trim() !== '') return undefined;
    const last = found.at(-1);
    if (last) last.text.end = at;
    from = at + text.length;
    found.push({ spelled, text: { start: found.length === 0 ? 0 : at, end: from } });
  }
  const last = found.at(-1);
  if (!last || content.slice(from).trim() !== '') return undefined;
  last.text.end = content.length;
  return found;
}
