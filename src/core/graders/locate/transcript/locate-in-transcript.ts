/** The response at a position of a Markdown or plain-text transcript: the assistant's block under it. */

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
    const prompt = promptOf(conversation, index);
    const isResponse = turn.message.role === 'assistant' && (turn.isClear || prompt.length > 0);
    const isWhole = selection === undefined || (selection.start === turn.start && selection.end === turn.end);
    if (isResponse && isWhole) {
      const sibling = siblingOf(conversation, index);
      return located(turn, [turn.message], { prompt, sibling, field: turn.label });
    }
    if (selection !== undefined) return selectedResponse(document, selection, prompt);
    return undefined;
  }
  return selection && selectedResponse(document, selection);
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
