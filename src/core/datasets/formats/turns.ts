/** Transforms that make messages: prompts, completions, conversations. */

import type { Message } from '../records.ts';
import { dialogueTurns, holdsMessages, messagesOf, splitSharedPrompt } from './messages.ts';
import { requireText } from './required.ts';
import { UnfitRow } from './row-problem.ts';
import { decodeJson, isBlank, textOf } from './text.ts';
import type { Transform } from './transform.ts';

/** Text or messages -> the prompt as messages: plain text is one user message. Missing text makes the row unfit. */
export const prompt: Transform = ([value], [field = '']) => {
  if (holdsMessages(value) || isEmptyList(value)) return messagesOf(value, field);
  return [{ role: 'user', content: requireText(value, field) }];
};

/** Text or messages -> a completion as messages: plain text is one assistant message. It may be blank. */
export const completion: Transform = ([value], [field = '']) => {
  if (!holdsMessages(value)) return [{ role: 'assistant', content: textOf(value, field) }];
  const messages = messagesOf(value, field);
  if (messages[0]?.role === 'assistant') return messages;
  throw new UnfitRow(
    'roles-out-of-order',
    field,
    `it begins with a ${messages[0]?.role} message, not an assistant one`,
  );
};

/** (instruction, input?) -> one user message: the input follows after a blank line, or stands alone where the other is blank. */
export const instruction: Transform = ([value, input], [field = '', inputField = '']) => {
  if (holdsMessages(value) || isEmptyList(value)) return messagesOf(value, field);
  const texts = [textOf(value, field), input === null || input === undefined ? '' : textOf(input, inputField)];
  const content = texts.filter((text) => !isBlank(text)).join('\n\n');
  return [{ role: 'user', content: requireText(content, field) }];
};

/** (messages, system text?) -> the messages with a system message in front, where there is one. */
export const withSystem: Transform = ([messages, system], [, field = '']) => {
  const text = system === null || system === undefined ? '' : textOf(system, field);
  return isBlank(text) ? messages : [{ role: 'system', content: text }, ...(messages as Message[])];
};

export const messages: Transform = ([value], [field = '']) => {
  const list = messagesOf(value, field);
  if (list.length === 0) throw new UnfitRow('empty-value', field, 'it holds no messages');
  return list;
};

/** (chosen, rejected) as dialogue texts -> {prompt, chosen, rejected}. */
export const splitDialogues: Transform = ([chosen, rejected], [chosenField = '', rejectedField = '']) =>
  splitSharedPrompt(
    dialogueTurns(requireText(chosen, chosenField), chosenField),
    dialogueTurns(requireText(rejected, rejectedField), rejectedField),
    rejectedField,
  );

/**
 * (chosen, rejected, prompt?) as messages -> {prompt, chosen, rejected}. Whole conversations are split at what they
 * share; completions alone (they begin with an assistant message) take their prompt from the column, if there is one.
 */
export const splitMessages: Transform = (
  [chosen, rejected, given],
  [chosenField = '', rejectedField = '', givenField = ''],
) => {
  const better = messages([chosen], [chosenField], {}) as Message[];
  const worse = messages([rejected], [rejectedField], {}) as Message[];
  if (better[0]?.role !== 'assistant' || worse[0]?.role !== 'assistant') {
    return splitSharedPrompt(better, worse, rejectedField);
  }
  const before = given === null || given === undefined ? [] : prompt([given], [givenField], {});
  return { prompt: before, chosen: better, rejected: worse };
};

/** Messages that end in an assistant message. */
export const conversation: Transform = ([value], [field = '']) => {
  const list = messages([value], [field], {}) as Message[];
  if (list.at(-1)?.role === 'assistant') return list;
  throw new UnfitRow('roles-out-of-order', field, `it ends with a ${list.at(-1)?.role} message, not an assistant one`);
};

/** No prompt: the shape has none. */
export const noPrompt: Transform = () => [];

/** (prompt messages, completion messages) -> one list. */
export const join: Transform = (lists) => lists.flatMap((list) => list as Message[]);

/** An empty list of messages is how a row says that it has no prompt. */
export function isEmptyList(value: unknown): boolean {
  const decoded = decodeJson(value);
  return Array.isArray(decoded) && decoded.length === 0;
}
