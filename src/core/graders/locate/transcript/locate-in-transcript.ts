/** The response at a position of a Markdown or plain-text transcript, or all in a range: the assistant's blocks. */

import type { Message } from '../../../datasets/records.ts';
import { type DocumentText, isReadable, selectedResponse } from '../document-text.ts';
import { type Located, located, type TextRange } from '../located.ts';
import { type Conversation, conversationsIn, type TranscriptFormat, type Turn } from './turns.ts';

export function locateInTranscript(
  document: DocumentText,
  offset: number,
  selection: TextRange | undefined,
  format: TranscriptFormat,
): Located | undefined {
  if (!isReadable(document.length)) return selection && selectedResponse(document, selection);
  const text = document.whole();
  const at = selection ?? { start: offset, end: offset };
  for (const conversation of conversationsIn(text, format)) {
    const index = conversation.findIndex((turn) => turn.start <= at.start && at.end <= turn.end);
    const turn = conversation[index];
    if (turn === undefined) continue;
    const isWhole = selection === undefined || (selection.start === turn.start && selection.end === turn.end);
    const response = isWhole ? responseOf(conversation, index) : undefined;
    return response ?? (selection && selectedResponse(document, selection, promptOf(conversation, index)));
  }
  return selection && selectedResponse(document, selection);
}

/** The responses that a range of a text touches. */
export function responsesInTranscript(text: string, range: TextRange, format: TranscriptFormat): Located[] {
  const found: Located[] = [];
  const taken: Turn[] = [];
  for (const conversation of conversationsIn(text, format)) {
    const touched = [...conversation.entries()].filter(
      ([, { start, end }]) => start <= range.end && end >= range.start,
    );
    // Where a chat template has made turns, what looks like a heading in them is text.
    const free = touched.filter(
      ([, turn]) => !taken.some(({ start, end }) => start <= turn.start && turn.start <= end),
    );
    found.push(...free.flatMap(([index]) => responseOf(conversation, index) ?? []));
    taken.push(...touched.map(([, turn]) => turn));
  }
  return found.sort((one, other) => one.start - other.start);
}

function responseOf(conversation: Conversation, index: number): Located | undefined {
  const turn = conversation[index];
  if (turn === undefined || !isAssistant(turn)) return undefined;
  const prompt = promptOf(conversation, index);
  if (!turn.isClear && prompt.length === 0) return undefined;
  return located(turn, [turn.message], { prompt, sibling: siblingOf(conversation, index), field: turn.label });
}

/** The turns before the one at `index`. Of answers to one turn, the conversation went on from the first. */
function promptOf(conversation: Conversation, index: number): Message[] {
  const before = conversation.slice(
    0,
    isAssistant(conversation[index]) ? alternativesFrom(conversation, index) : index,
  );
  return before
    .filter((turn, position) => !(isAssistant(turn) && isAssistant(before[position - 1])))
    .map((turn) => turn.message);
}

/** The other of two answers to one turn. */
function siblingOf(conversation: Conversation, index: number): Message[] | undefined {
  const from = alternativesFrom(conversation, index);
  const to = conversation.findIndex((turn, position) => position > index && !isAssistant(turn));
  const alternatives = conversation.slice(from, to < 0 ? conversation.length : to);
  const other = alternatives.length === 2 ? conversation[index === from ? from + 1 : from] : undefined;
  return other && [other.message];
}

/** Where the run of assistant turns begins that holds `index`. */
function alternativesFrom(conversation: Conversation, index: number): number {
  return conversation.findLastIndex((turn, position) => position < index && !isAssistant(turn)) + 1;
}

const isAssistant = (turn: Turn | undefined): boolean => turn?.message.role === 'assistant';
