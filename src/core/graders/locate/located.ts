/** What the locator answers: a response, where it lies in the document, and the conversation around it. */

import type { Message } from '../../datasets/records.ts';

/** Half-open, in UTF-16 code units of the document, as VS Code counts. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where a prompt was found: in a field of the row, in the turns before the response, in a cell before, in a variable. */
export interface PromptOrigin {
  readonly kind: 'field' | 'turns' | 'cell';
  /** The field or variable as the document names it, or the number of the cell. */
  readonly name?: string;
}

/** Another response to the same prompt. */
export interface Sibling {
  readonly response: readonly Message[];
  readonly field?: string;
  /** Where it lies, where that is in the same document. */
  readonly range?: TextRange;
}

export interface Located extends TextRange {
  readonly role: 'response';
  /**
   * The pieces of the range that are the response, where the range encloses more: lines of the other side and the marks of
   * a diff.
   */
  readonly pieces?: readonly TextRange[];
  /** Turns before the response; empty where nothing says what it answers. */
  readonly prompt: readonly Message[];
  readonly promptKnown: boolean;
  readonly promptFrom?: PromptOrigin;
  readonly response: readonly Message[];
  /** The other response to the same prompt, where there is exactly one. */
  readonly sibling?: readonly Message[];
  /** All others, in the order of the document. */
  readonly siblings: readonly Sibling[];
  /** Where the response lies in its row or transcript: `chosen`, `responses[1]`, `Assistant (a)`. */
  readonly field?: string;
}

export interface Surroundings {
  readonly prompt: readonly Message[];
  readonly promptFrom?: PromptOrigin | undefined;
  readonly sibling?: readonly Message[] | undefined;
  readonly siblings?: readonly Sibling[];
  readonly field?: string | undefined;
}

/** The response as found, or undefined where it has no text: an empty response has no grade. */
export function located(range: TextRange, response: readonly Message[], around: Surroundings): Located | undefined {
  if (response.every((message) => message.content.trim() === '')) return undefined;
  const promptKnown = around.prompt.length > 0;
  return {
    start: range.start,
    end: range.end,
    role: 'response',
    prompt: around.prompt,
    promptKnown,
    ...(promptKnown && around.promptFrom ? { promptFrom: around.promptFrom } : {}),
    response,
    ...(around.sibling === undefined ? {} : { sibling: around.sibling }),
    siblings: around.siblings ?? [],
    ...(around.field === undefined ? {} : { field: around.field }),
  };
}

/** The same answer with every position put elsewhere: in the document that holds the piece that was read. */
export function moved(found: Located, move: (range: TextRange) => TextRange): Located {
  return {
    ...found,
    ...move(found),
    siblings: found.siblings.map((sibling) =>
      sibling.range === undefined ? sibling : { ...sibling, range: move(sibling.range) },
    ),
  };
}

export const movedBy = (found: Located, by: number): Located =>
  by === 0 ? found : moved(found, ({ start, end }) => ({ start: start + by, end: end + by }));

/** The response whose range an offset lies in or touches; of two, the later one that begins at it. */
export function responseAt(found: readonly Located[], offset: number): Located | undefined {
  const around = found.filter(({ start, end }) => start <= offset && offset <= end);
  return around.find(({ end }) => offset < end) ?? around[0];
}

export const assistant = (content: string): readonly Message[] => [{ role: 'assistant', content }];

/** The selection without the white space at its ends, or undefined where nothing else is left. */
export function trimmedRange(text: string, start: number): TextRange | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const from = start + text.indexOf(trimmed);
  return { start: from, end: from + trimmed.length };
}
