/** What the locator answers: a response, where it lies in the document, and the conversation around it. */

import type { Message } from '../../datasets/records.ts';

/** Half-open, in UTF-16 code units of the document, as VS Code counts. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface Located extends TextRange {
  readonly role: 'response';
  /** Parts of the range that are the response, where the range encloses more: in a diff, the marks and the other side. */
  readonly pieces?: readonly TextRange[];
  /** Turns before the response; empty where nothing says what it answers. */
  readonly prompt: readonly Message[];
  readonly promptKnown: boolean;
  readonly response: readonly Message[];
  /** The other response to the same prompt, where there is exactly one. */
  readonly sibling?: readonly Message[];
  /** Where the response lies in its row or transcript: `chosen`, `responses[1]`, `Assistant (a)`. */
  readonly field?: string;
}

export interface Surroundings {
  readonly prompt: readonly Message[];
  readonly sibling?: readonly Message[] | undefined;
  readonly field?: string | undefined;
}

/** The response as found, or undefined where it has no text: an empty response has no grade. */
export function located(range: TextRange, response: readonly Message[], around: Surroundings): Located | undefined {
  if (response.every((message) => message.content.trim() === '')) return undefined;
  return {
    start: range.start,
    end: range.end,
    role: 'response',
    prompt: around.prompt,
    promptKnown: around.prompt.length > 0,
    response,
    ...(around.sibling === undefined ? {} : { sibling: around.sibling }),
    ...(around.field === undefined ? {} : { field: around.field }),
  };
}

/** The same answer where the text that was read begins elsewhere in the document. */
export const movedBy = (found: Located, by: number): Located => ({
  ...found,
  start: found.start + by,
  end: found.end + by,
});

export const assistant = (content: string): readonly Message[] => [{ role: 'assistant', content }];

/** The selection without the white space at its ends, or undefined where nothing else is left. */
export function trimmedRange(text: string, start: number): TextRange | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const from = start + text.indexOf(trimmed);
  return { start: from, end: from + trimmed.length };
}
