/** Dialogue text: turns after "\n\nHuman:" and "\n\nAssistant:" (hh-rlhf), or between chat-template tokens, in one string. */

import type { Message } from '../../datasets/records.ts';
import { templateTurns } from './template-turns.ts';
import { type TextTurn, textTurn } from './text-turn.ts';

const TURN = /(?:^\s*|\n\n)(Human|User|Assistant|System): ?/g;

const ROLES = { Human: 'user', User: 'user', Assistant: 'assistant', System: 'system' } as const;

/** The turns of a dialogue text, or undefined where the text does not begin with a turn and hold one of each side. */
export function dialogueTurns(text: string): TextTurn[] | undefined {
  const turns = markedTurns(text) ?? templateTurns(text);
  const holds = (role: Message['role']): boolean => turns?.some(({ message }) => message.role === role) ?? false;
  return holds('user') && holds('assistant') ? turns : undefined;
}

function markedTurns(text: string): TextTurn[] | undefined {
  const marks = [...text.matchAll(TURN)];
  if (marks[0]?.index !== 0) return undefined;
  return marks.map((mark, index) => {
    const end = marks[index + 1]?.index ?? text.length;
    return textTurn(text, ROLES[mark[1] as keyof typeof ROLES], mark.index + mark[0].length, end);
  });
}
