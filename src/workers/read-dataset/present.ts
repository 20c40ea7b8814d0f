/** Values as the viewer's page receives them: text only, cut to a size that a page can hold, conversations by turn. */

import { formatCell } from '../../core/datasets/format-cell.ts';
import {
  CONVERSATION_TURNS,
  type FieldValue,
  TABLE_CELL_CHARS,
  type TableCell,
  TEXT_CHARS,
  type TextStart,
  type Turn,
} from '../../protocol/dataset-viewer.ts';

/** Characters of one page of the table, all cells together; very many cells get less each. */
const PAGE_CHARS = 4_000_000;
const LEAST_CELL_CHARS = 120;
const ROLE_CHARS = 60;

interface Utterance {
  readonly role: string;
  readonly content: unknown;
}

/** How many characters each of so many cells may take. */
export function tableCellChars(cells: number): number {
  return Math.max(LEAST_CELL_CHARS, Math.min(TABLE_CELL_CHARS, Math.floor(PAGE_CHARS / Math.max(1, cells))));
}

/** A conversation shows its last turn: in a preference pair that is where the two sides differ. */
export function tableCell(value: unknown, limit: number): TableCell {
  if (value === null || value === undefined) return null;
  const turns = conversationOf(value);
  const last = turns?.at(-1);
  if (turns && last) return { ...startOf(contentText(last), limit), turns: turns.length };
  return startOf(formatCell(value), limit);
}

export function fieldValue(value: unknown): FieldValue {
  if (value === null || value === undefined) return { kind: 'null' };
  const utterances = conversationOf(value);
  if (!utterances) return { kind: 'text', content: startOf(formatCell(value), TEXT_CHARS) };
  let left = TEXT_CHARS;
  const turns = utterances.slice(0, CONVERSATION_TURNS).map((utterance): Turn => {
    const content = startOf(contentText(utterance), left);
    left -= content.text.length;
    return { role: utterance.role.slice(0, ROLE_CHARS), content };
  });
  return { kind: 'conversation', turns, count: utterances.length };
}

/** The whole text behind a field, or behind one turn of its conversation. */
export function wholeText(value: unknown, turn: number | undefined): string {
  if (turn === undefined) return value === null || value === undefined ? '' : formatCell(value);
  const utterance = conversationOf(value)?.[turn];
  return utterance ? contentText(utterance) : '';
}

/** At most `limit` code units from `from`, never ending between the two halves of a character. */
export function pieceOf(text: string, from: number, limit: number): string {
  let end = Math.min(text.length, from + limit);
  const last = text.charCodeAt(end - 1);
  if (end < text.length && end > from + 1 && last >= 0xd800 && last <= 0xdbff) end--;
  return text.slice(from, end);
}

export function startOf(text: string, limit: number): TextStart {
  return { text: limit <= 0 ? '' : pieceOf(text, 0, limit), chars: text.length };
}

function contentText({ content }: Utterance): string {
  return content === null || content === undefined ? '' : formatCell(content);
}

/** A list of turns under either of the two customary pairs of names: `role` and `content`, or `from` and `value`. */
function conversationOf(value: unknown): readonly Utterance[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const turns = value.map(utteranceOf);
  return turns.includes(undefined) ? undefined : (turns as Utterance[]);
}

function utteranceOf(item: unknown): Utterance | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { role, content, from, value } = item as Record<string, unknown>;
  if (typeof role === 'string') return 'content' in item ? { role, content } : undefined;
  return typeof from === 'string' && 'value' in item ? { role: from, content: value } : undefined;
}
