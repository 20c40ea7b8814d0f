/** Finds all responses in a part of a document, as `locateResponse` finds the one under a position. Knows no editor. */

import { responsesInCode } from './code/locate-in-code.ts';
import { type DocumentText, documentText, LARGEST_READ } from './document-text.ts';
import { responsesInJson } from './json/locate-in-json.ts';
import { type DocumentFormat, formatOfLanguage } from './languages.ts';
import type { Located, TextRange } from './located.ts';
import { responsesInTranscript } from './transcript/locate-in-transcript.ts';

export interface ResponsesRequest {
  readonly text: string | DocumentText;
  /** VS Code's language identifier. */
  readonly language: string;
  /** In UTF-16 code units; what touches it is found. */
  readonly range: TextRange;
  /** A line of JSON Lines, or another document, that is longer is not read. Code is read up to 500,000 anyway. */
  readonly longest?: number;
}

/** Whether responses are looked for in a document of this language; in a diff only the one under a position is known. */
export const holdsResponses = (language: string): boolean => listedFormat(language) !== undefined;

/**
 * Batches of responses, one for each piece that is read, empty ones too: whoever takes them can do something else between.
 * Never throws, whatever the text.
 */
export function* responsesIn(request: ResponsesRequest): Generator<readonly Located[]> {
  const { text, language, longest = LARGEST_READ } = request;
  const document = typeof text === 'string' ? documentText(text) : text;
  const range = { start: Math.max(0, request.range.start), end: Math.min(document.length, request.range.end) };
  const format = listedFormat(language);
  switch (format) {
    case undefined:
      return;
    case 'json':
      return yield* responsesInJson(document, range, 'document', longest);
    case 'json-lines':
      return yield* responsesInJson(document, range, 'lines', longest);
    case 'markdown':
    case 'plain-text':
      if (document.length <= longest) yield responsesInTranscript(document.whole(), range, format);
      return;
    default:
      if (document.length <= longest) yield responsesInCode(document, range, format);
  }
}

type ListedFormat = Exclude<DocumentFormat, 'diff'>;

function listedFormat(language: string): ListedFormat | undefined {
  const format = formatOfLanguage(language);
  return format === 'diff' ? undefined : format;
}
