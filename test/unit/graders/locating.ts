/** What the locator tests share: a position named by the text under it, and the text that a range covers. */

import { type LocateRequest, locateResponse } from '../../../src/core/graders/locate/locate-response.ts';
import type { Located, TextRange } from '../../../src/core/graders/locate/located.ts';

export function under(text: string, words: string): number {
  const index = text.indexOf(words);
  if (index < 0) throw new Error(`the document does not hold ${JSON.stringify(words)}`);
  return index + 1;
}

export function rangeOf(text: string, words: string): TextRange {
  const start = under(text, words) - 1;
  return { start, end: start + words.length };
}

export function locate(language: string, text: string, words: string): Located | undefined {
  return locateResponse({ text, language, offset: under(text, words) });
}

export function locateSelected(language: string, text: string, words: string): Located | undefined {
  const selection = rangeOf(text, words);
  return locateResponse({ text, language, offset: selection.start, selection } satisfies LocateRequest);
}

export const covered = (text: string, found: Located | undefined): string | undefined =>
  found && text.slice(found.start, found.end);

export const user = (content: string) => ({ role: 'user', content });
export const assistant = (content: string) => ({ role: 'assistant', content });
