/** Conversations between the tokens of a chat template, anywhere in a text: in a log, in a fenced block of Markdown. */

import { holdsTokensOnly, type TemplateTurn, turnsBetweenTokens } from '../template-turns.ts';
import type { Conversation, Turn } from './turns.ts';

const NEW_TEXT = /<\|begin_of_text\|>|<bos>|<｜begin▁of▁sentence｜>/;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/m;

/** Those that begin a line and in which both sides speak: a token that prose mentions begins none. */
export function templateConversations(text: string): Conversation[] {
  const conversations: TemplateTurn[][] = [];
  let end = 0;
  for (const turn of turnsBetweenTokens(text, (from) => endOfBlock(text, from))) {
    const between = text.slice(end, turn.opened);
    const goesOn = turn.message.role !== 'system' && holdsTokensOnly(between) && !NEW_TEXT.test(between);
    const last = conversations.at(-1);
    if (goesOn && last !== undefined) last.push(turn);
    else conversations.push([turn]);
    end = turn.to;
  }
  return conversations
    .filter(([first]) => first !== undefined && beginsLine(text, first.opened))
    .filter((turns) => turns.some(isOf('user')) && turns.some(isOf('assistant')))
    .map((turns) => turns.map((turn) => asTurn(turn)));
}

/** A turn that no token ends goes on to the end of its fenced block, or of the text. */
function endOfBlock(text: string, from: number): number {
  const fencesBefore = text.slice(0, from).match(new RegExp(FENCE, 'gm'))?.length ?? 0;
  if (fencesBefore % 2 === 0) return text.length;
  const length = text.slice(from).search(FENCE);
  return length < 0 ? text.length : from + length;
}

function beginsLine(text: string, at: number): boolean {
  const line = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
  return at === 0 || holdsTokensOnly(text.slice(line, at));
}

const isOf =
  (role: string) =>
  ({ message }: TemplateTurn): boolean =>
    message.role === role;

function asTurn({ message, from, to }: TemplateTurn): Turn {
  const content = message.content.replace(/\r\n?/g, '\n');
  return { start: from, end: to, isClear: true, message: { role: message.role, content } };
}
