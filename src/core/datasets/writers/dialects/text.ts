/**
 * Plain text. Pairs are whole dialogues with the marks `\n\nHuman: ` and `\n\nAssistant: ` (hh-rlhf); the other methods
 * have the prompt, one user message, and the responses in columns of their own. Blanks around a dialogue turn are not kept.
 */

import type { Message, PreferencePair } from '../../records.ts';
import type { OutputColumn } from '../columns.ts';
import { chosenConversation, onlyText, rejectedConversation, unfitForOneMessage } from './conversations.ts';
import type { Dialect, Layouts, UnfitReason } from './dialect.ts';

const MARKS: Readonly<Partial<Record<Message['role'], string>>> = { user: 'Human', assistant: 'Assistant' };
const TURN_MARK = /\n\n(Human|Assistant):/;
/** The blanks that a reader of dialogues trims: no others. */
const OUTER_BLANKS = /^[ \t\r\n]+|[ \t\r\n]+$/g;

const trimmed = (text: string): string => text.replace(OUTER_BLANKS, '');

function dialogue(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `\n\n${MARKS[role]}: ${trimmed(content)}`).join('');
}

function unfitDialogue(pair: PreferencePair): UnfitReason | undefined {
  const messages = [...pair.prompt, ...pair.chosen, ...pair.rejected];
  if (messages.some(({ role }) => MARKS[role] === undefined)) return 'role-not-in-dialect';
  if (messages.some(({ content }) => TURN_MARK.test(content))) return 'turn-mark-in-text';
  return dialogue(pair.chosen) === dialogue(pair.rejected) ? 'identical-pair' : undefined;
}

function unfitPrompt(prompt: readonly Message[]): UnfitReason | undefined {
  const [first] = prompt;
  if (first === undefined || (prompt.length === 1 && trimmed(first.content) === '')) return 'no-prompt';
  if (prompt.length > 1) return 'multi-turn-prompt';
  return first.role === 'user' ? undefined : 'role-not-in-dialect';
}

const column = (name: string): OutputColumn => ({ name, type: 'string' });

export const textLayouts = {
  'bradley-terry': {
    columns: [column('chosen'), column('rejected')],
    cells: (pair) => [dialogue(chosenConversation(pair)), dialogue(rejectedConversation(pair))],
    unfit: unfitDialogue,
    loses: ['margin'],
  },
  pointwise: {
    columns: [column('prompt'), column('response'), { name: 'score', type: 'int' }],
    cells: ({ prompt, response, score }) => [onlyText(prompt), onlyText(response), score],
    unfit: ({ prompt, response }) => unfitPrompt(prompt) ?? unfitForOneMessage(response),
  },
  pairwise: {
    columns: [...['prompt', 'response_a', 'response_b', 'preferred'].map(column), { name: 'strength', type: 'double' }],
    cells: ({ prompt, responseA, responseB, preferred, strength }) => [
      ...[prompt, responseA, responseB].map(onlyText),
      preferred,
      strength ?? null,
    ],
    unfit: ({ prompt, responseA, responseB }) => unfitPrompt(prompt) ?? unfitForOneMessage(responseA, responseB),
  },
  sft: {
    columns: [column('prompt'), column('response')],
    cells: ({ messages }) => [onlyText(messages.slice(0, -1)), onlyText(messages.slice(-1))],
    unfit: ({ messages }) => unfitPrompt(messages.slice(0, -1)),
  },
} as const satisfies Layouts;

export const text: Dialect = {
  id: 'text',
  title: 'plain text: pairs as hh-rlhf dialogues, else prompt and response columns',
  layouts: textLayouts,
};
