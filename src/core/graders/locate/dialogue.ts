/** Dialogue text as in hh-rlhf: turns after "\n\nHuman:" and "\n\nAssistant:" in one string. */

import type { Message } from '../../datasets/records.ts';

const TURN = /(?:^\s*|\n\n)(Human|User|Assistant|System): ?/g;

const ROLES = { Human: 'user', User: 'user', Assistant: 'assistant', System: 'system' } as const;

/** The turns of a dialogue text, or undefined where the text does not begin with a turn and hold one of each side. */
export function dialogueTurns(text: string): Message[] | undefined {
  const marks = [...text.matchAll(TURN)];
  if (marks[0]?.index !== 0) return undefined;
  const turns = marks.map((mark, index): Message => {
    const end = marks[index + 1]?.index ?? text.length;
    return {
      role: ROLES[mark[1] as keyof typeof ROLES],
      content: text.slice(mark.index + mark[0].length, end).trim(),
    };
  });
  const dialogue = turns.some((turn) => turn.role === 'user') && turns.some((turn) => turn.role === 'assistant');
  return dialogue ? turns : undefined;
}

/** The turns that end before the one in which a position lies, or undefined where the text is no dialogue. */
export function turnsBefore(text: string, position: number): readonly Message[] | undefined {
  const turns = dialogueTurns(text);
  if (turns === undefined) return undefined;
  const begun = [...text.matchAll(TURN)].filter((mark) => mark.index + mark[0].length <= position).length;
  return turns.slice(0, Math.max(0, begun - 1));
}

export interface Exchange {
  readonly prompt: readonly Message[];
  readonly response: readonly Message[];
}

/** A conversation cut before its last assistant turn, or undefined where it has none. Later turns are left out. */
export function lastExchange(turns: readonly Message[]): Exchange | undefined {
  const index = turns.findLastIndex((turn) => turn.role === 'assistant');
  return index < 0 ? undefined : { prompt: turns.slice(0, index), response: turns.slice(index, index + 1) };
}
