/** The passages of one field: strings, or turns in them, that are a response or a turn, with the turns before them. */

import { getNodeValue } from 'jsonc-parser';
import type { Message } from '../../../datasets/records.ts';
import { dialogueTurns } from '../dialogue.ts';
import { assistant } from '../located.ts';
import { TEXT_FIELDS } from './fields.ts';
import { messageNode, messageOf } from './messages.ts';
import { isString, type Node, property, type StringNode, valuesIn } from './tree.ts';

export interface Passage {
  /** The turns before it in its field. */
  readonly prompt: readonly Message[];
  readonly response: readonly Message[];
  /** The string in the document. */
  readonly literal: StringNode;
  /** The part of the string's value that it is, where it is not the whole. */
  readonly part?: { readonly from: number; readonly to: number };
  readonly field: string;
  /** Whether an assistant says it: a turn of someone else is no response. */
  readonly isResponse: boolean;
  /** Whether it ends its conversation, so that it can have an alternative. */
  readonly isLast: boolean;
}

const DEEPEST_RESPONSE = 4;

/** Passages of a field that holds one response: a text, an object around it, or a conversation that ends in it. */
export function passagesOf(value: Node, field = 'text', depth = 0): Passage[] {
  if (isString(value)) return dialogueOf(value, field) ?? [textOf(value, field)];
  if (value.type === 'array') return turnsOf(value, field);
  if (value.type !== 'object' || depth === DEEPEST_RESPONSE) return [];
  const message = messageNode(value);
  if (message !== undefined) return message.role === 'assistant' ? passagesOf(message.literal, field, depth + 1) : [];
  const inner = TEXT_FIELDS.map((name) => property(value, name)).find((node) => node !== undefined);
  return inner === undefined ? [] : passagesOf(inner, field, depth + 1);
}

/** Passages of a field that holds a list: the items are alternatives, or turns where more than one side speaks. */
export function passagesOfList(list: Node, field: string): Passage[] {
  if (isConversation(list)) return turnsOf(list, field);
  return valuesIn(list).flatMap((item, index) => passagesOf(item, `${field}[${index}]`));
}

/** Whether a list holds turns of at least one side that is not the assistant's. */
export function isConversation(list: Node): boolean {
  if (list.type !== 'array') return false;
  return valuesIn(list).some((item) => {
    const role = item.type === 'object' ? messageOf(getNodeValue(item))?.role : undefined;
    return role !== undefined && role !== 'assistant';
  });
}

/** The turns of a list of messages, or of the lists in it; items that are no message are passed over. */
export function turnsOf(list: Node, field: string): Passage[] {
  const items = valuesIn(list).filter((item) => item.type === 'object');
  const turns = items.flatMap((item) => {
    const message = messageOf(getNodeValue(item));
    return message === undefined ? [] : [{ message, literal: messageNode(item)?.literal }];
  });
  const last = turns.findLastIndex((turn) => turn.message.role === 'assistant');
  return turns.flatMap(({ message, literal }, index): Passage[] => {
    if (literal === undefined) return [];
    const prompt = turns.slice(0, index).map((turn) => turn.message);
    const isResponse = message.role === 'assistant';
    return [{ literal, field, prompt, response: [message], isResponse, isLast: index === last }];
  });
}

/** The turns of a dialogue in one string, or undefined where it is none. */
function dialogueOf(literal: StringNode, field: string): Passage[] | undefined {
  const turns = dialogueTurns(literal.value);
  if (turns === undefined) return undefined;
  const last = turns.findLastIndex(({ message }) => message.role === 'assistant');
  return turns.map(({ message, from, to }, index): Passage => {
    const prompt = turns.slice(0, index).map((turn) => turn.message);
    const isResponse = message.role === 'assistant';
    return { literal, part: { from, to }, field, prompt, response: [message], isResponse, isLast: index === last };
  });
}

const textOf = (literal: StringNode, field: string): Passage => ({
  literal,
  field,
  prompt: [],
  response: assistant(literal.value),
  isResponse: true,
  isLast: true,
});

/** Whether two conversations are the same, turn for turn. */
export function sameTurns(one: readonly Message[], other: readonly Message[]): boolean {
  const same = (message: Message, index: number): boolean =>
    message.role === other[index]?.role && message.content.trim() === other[index].content.trim();
  return one.length === other.length && one.every(same);
}
