/** Finds the response under a position, with the prompt it answers and its alternative. Knows no editor. */

import { locateInCode } from './code/locate-in-code.ts';
import { locateInDiff } from './diff/locate-in-diff.ts';
import { type DocumentText, documentText, selectedResponse } from './document-text.ts';
import { locateInJson } from './json/locate-in-json.ts';
import { type DocumentFormat, formatOfLanguage } from './languages.ts';
import { type Located, type TextRange, trimmedRange } from './located.ts';
import { unlessTooDeep } from './too-deep.ts';
import { locateInTranscript } from './transcript/locate-in-transcript.ts';

export interface LocateRequest {
  readonly text: string | DocumentText;
  /** VS Code's language identifier; in one that is not known only a selection is found. */
  readonly language: string;
  /** Position in UTF-16 code units. */
  readonly offset: number;
  /** Counts only where it is not blank and `offset` touches it; then the selected text is the response. */
  readonly selection?: TextRange | undefined;
}

/** The response at a position, or undefined where there is none. Never throws, whatever the text. */
export function locateResponse(request: LocateRequest): Located | undefined {
  const document = typeof request.text === 'string' ? documentText(request.text) : request.text;
  if (!(request.offset >= 0 && request.offset <= document.length)) return undefined;
  const offset = Math.floor(request.offset);
  const selection = effectiveSelection(document, offset, request.selection);
  return unlessTooDeep(
    () => locateIn(formatOfLanguage(request.language), document, offset, selection),
    // Only what is selected can be graded there.
    () => selection && selectedResponse(document, selection),
  );
}

function locateIn(
  format: DocumentFormat | undefined,
  document: DocumentText,
  offset: number,
  selection: TextRange | undefined,
): Located | undefined {
  switch (format) {
    case 'json':
      return locateInJson(document, offset, selection, 'document');
    case 'json-lines':
      return locateInJson(document, offset, selection, 'lines');
    case 'markdown':
    case 'plain-text':
      return locateInTranscript(document, offset, selection, format);
    case 'diff':
      return locateInDiff(document, offset, selection, locateIn);
    case undefined:
      return selection && selectedResponse(document, selection);
    default:
      return locateInCode(document, offset, selection, format);
  }
}

/** The selection that a request means: in order, inside the document, touched by the position, not blank, trimmed. */
function effectiveSelection(document: DocumentText, offset: number, given?: TextRange): TextRange | undefined {
  if (given === undefined) return undefined;
  const start = Math.max(0, Math.min(given.start, given.end));
  const end = Math.min(document.length, Math.max(given.start, given.end));
  if (!(start < end && offset >= start && offset <= end)) return undefined;
  return trimmedRange(document.slice(start, end), start);
}
