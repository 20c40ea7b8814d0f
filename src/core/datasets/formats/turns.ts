/** Transforms that make messages: prompts, completions, conversations. */

import type { Message } from '../records.ts';
import { areMessages, dialogueTurns, messagesOf, splitSharedPrompt } from './messages.ts';
import { requireList, requireText } from './required.ts';
import { UnfitRow } from './row-problem.ts';
import { decodeJson, isBlank, jsonTextOf, textOf } from './text.ts';
import type { Transform } from './transform.ts';

/** Text or messages -> the prompt as messages: plain text is one user message. Missing text makes the row unfit. */
export const prompt: Transform = ([value], [field = '']) => {
  const decoded = decodeJson(value);
  if (areMessages(decoded) || isEmptyList(decoded)) return messagesOf(decoded, field);
  return [{ role: 'user', content: requireText(value, field) }];
};

/** Text or messages -> a completion as messages: plain text is one assistant message. It may be blank. */
export const completion: Transform = ([value], [field = '']) => {
  const decoded = decodeJson(value);
  if (!areMessages(decoded)) return [{ role: 'assistant', content: textOf(value, field) }];
  const messages = messagesOf(decoded, field);
  if (messages[0]?.role === 'assistant') return messages;
  throw new UnfitRow(
    'roles-out-of-order',
    field,
    `it begins with a ${messages[0]?.role} message, not an assistant one`,
  );
};

/** (instruction, input?) -> one user message: the input follows after a blank line, or stands alone where the other is blank. */
export const instruction: Transform = ([value, input], [field = '', inputField = '']) => {
  const decoded = decodeJson(value);
  if (areMessages(decoded) || isEmptyList(decoded)) return messagesOf(decoded, field);
  if (input === null || input === undefined) return [{ role: 'user', content: requireText(value, field) }];
  const texts = [textOf(value, field), textOf(input, inputField)];
  const content = texts.filter((text) => !isBlank(text)).join('\n\n');
  return [{ role: 'user', content: requireText(content, field) }];
};

/** (messages, system text?) -> the messages with a system message in front, where there is one. */
export const withSystem: Transform = ([messages, system], [, field = '']) => {
  const text = system === null || system === undefined ? '' : textOf(system, field);
  return isBlank(text) ? messages : [{ role: 'system', content: text }, ...(messages as Message[])];
};

/**
 * (messages, history?) -> the messages with earlier turns in front: a list of [question, answer], as LLaMA-Factory has it.
 */
export const withHistory: Transform = ([messages, history], [, field = '']) => {
  if (history === null || history === undefined || isBlankText(history)) return messages;
  const turns = requireList(history, field).flatMap((turn): Message[] => {
    if (!Array.isArray(turn) || turn.length !== 2) {
      throw new UnfitRow('wrong-type', field, 'an earlier turn is not a list of a question and its answer');
    }
    return [
      { role: 'user', content: textOf(turn[0], field) },
      { role: 'assistant', content: textOf(turn[1], field) },
    ];
  });
  return [...turns, ...(messages as Message[])];
};

/**
 * (messages, context?) -> the messages with what a grader was told in front: plain text, the task's context and the tools
 * as a system message, an earlier conversation as its turns.
 */
export const withContext: Transform = ([messages, context], [, field = '']) => {
  const told = decodeJson(context);
  if (told === null || told === undefined || isBlankText(told)) return messages;
  if (typeof told !== 'object' || Array.isArray(told)) {
    return [{ role: 'system', content: textOf(told, field) }, ...(messages as Message[])];
  }
  const { task_context: task, tool_definitions: tools, history } = told as Record<string, unknown>;
  const texts = [task, tools].filter((part) => part !== null && part !== undefined).map(jsonTextOf);
  const content = texts.filter((text) => !isBlank(text)).join('\n\n');
  const system: Message[] = content === '' ? [] : [{ role: 'system', content }];
  const before = history === null || history === undefined ? [] : messagesOf(history, field);
  return [...system, ...before, ...(messages as Message[])];
};

const TURN_LINE = /\n?<extra_id_1>(User|Assistant)\n/g;

/**
 * (messages) -> the turns inside, where the only message is a text with lines `<extra_id_1>Assistant` and
 * `<extra_id_1>User` between its turns (HelpSteer2); the first turn is the user's.
 */
export const markedTurns: Transform = ([messages]) => {
  const [only, ...others] = messages as Message[];
  const marks = [...(only?.content ?? '').matchAll(TURN_LINE)];
  if (only === undefined || others.length > 0 || marks.length === 0) return messages;
  const starts = [{ role: 'user', end: 0 }].concat(
    marks.map((mark) => ({ role: mark[1]!.toLowerCase(), end: mark.index + mark[0].length })),
  );
  return starts
    .map(({ role, end }, index) => ({ role, content: only.content.slice(end, marks[index]?.index) }))
    .filter(({ content }, index) => index > 0 || !isBlank(content));
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

function isBlankText(value: unknown): boolean {
  return typeof value === 'string' && isBlank(value);
}

/** An empty list of messages is how a row says that it has no prompt. */
function isEmptyList(decoded: unknown): boolean {
  return Array.isArray(decoded) && decoded.length === 0;
}
