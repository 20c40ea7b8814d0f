/** Finds the response under a position, with the prompt it answers and its alternative. Knows no editor. */

import { type DocumentText, documentText } from './document-text.ts';
import { locateInJson } from './json/locate-in-json.ts';
import { assistant, type Located, located, type TextRange, trimmedRange } from './located.ts';
import { locateInTranscript } from './transcript/locate-in-transcript.ts';

export interface LocateRequest {
  readonly text: string | DocumentText;
  /** VS Code's language identifier: `json`, `jsonl`, `markdown`, `plaintext` and their relatives; any other: selection only. */
  readonly language: string;
  /** Position in UTF-16 code units. */
  readonly offset: number;
  /** Counts only where it is not blank and `offset` touches it; then the selected text is the response. */
  readonly selection?: TextRange | undefined;
}

type Format = 'json' | 'json-lines' | 'markdown' | 'plain-text' | 'other';

const FORMATS: Readonly<Record<string, Format>> = {
  json: 'json',
  jsonc: 'json',
  json5: 'json',
  jsonl: 'json-lines',
  jsonlines: 'json-lines',
  ndjson: 'json-lines',
  markdown: 'markdown',
  mdx: 'markdown',
  quarto: 'markdown',
  plaintext: 'plain-text',
  log: 'plain-text',
};

/** The response at a position, or undefined where there is none. Never throws, whatever the text. */
export function locateResponse(request: LocateRequest): Located | undefined {
  const document = typeof request.text === 'string' ? documentText(request.text) : request.text;
  if (!(request.offset >= 0 && request.offset <= document.length)) return undefined;
  const offset = Math.floor(request.offset);
  const selection = effectiveSelection(document, offset, request.selection);
  try {
    return locateIn(FORMATS[request.language] ?? 'other', document, offset, selection);
  } catch (error) {
    // Thousands of brackets inside each other are no dataset; only what is selected can be graded there.
    if (!(error instanceof RangeError)) throw error;
    return selection && selectionAlone(document, selection);
  }
}

function locateIn(
  format: Format,
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
    case 'other':
      return selection && selectionAlone(document, selection);
  }
}

function selectionAlone(document: DocumentText, selection: TextRange): Located | undefined {
  return located(selection, assistant(document.slice(selection.start, selection.end)), { prompt: [] });
}

/** The selection that a request means: in order, inside the document, touched by the position, not blank, trimmed. */
function effectiveSelection(document: DocumentText, offset: number, given?: TextRange): TextRange | undefined {
  if (given === undefined) return undefined;
  const start = Math.max(0, Math.min(given.start, given.end));
  const end = Math.min(document.length, Math.max(given.start, given.end));
  if (!(start < end && offset >= start && offset <= end)) return undefined;
  return trimmedRange(document.slice(start, end), start);
}
