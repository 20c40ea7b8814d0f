/** The passages of one field: string literals that are a response or a turn, with the turns before them in that field. */

import { getNodeValue } from 'jsonc-parser';
import type { Message } from '../../../datasets/records.ts';
import { dialogueTurns, type Exchange, lastExchange } from '../dialogue.ts';
import { assistant } from '../located.ts';
import { TEXT_FIELDS } from './fields.ts';
import { decodedJson, isRecord, messageNode, messageOf, messagesOf, roleOf } from './messages.ts';
import { isString, type Node, property, valuesIn } from './tree.ts';

export interface Passage extends Exchange {
  /** The string in the document. */
  readonly literal: Node;
  readonly field: string;
  /** Whether an assistant says it: a turn of someone else is no response. */
  readonly isResponse: boolean;
  /** Whether it ends its conversation, so that it can have an alternative. */
  readonly isLast: boolean;
}

const DEEPEST_RESPONSE = 4;

/** Passages of a field that holds one response: a text, an object around it, or a conversation that ends in it. */
export function passagesOf(value: Node, field: string, depth = 0): Passage[] {
  if (isString(value)) {
    const exchange = exchangeOf(value.value);
    return exchange === undefined ? [] : [{ ...exchange, literal: value, field, isResponse: true, isLast: true }];
  }
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

/** The response that a string stands for; undefined where it encodes something that is not one response. */
function exchangeOf(text: string): Exchange | undefined {
  const decoded = decodedJson(text);
  const encoded = decoded === undefined ? undefined : encodedExchange(decoded);
  if (encoded !== undefined) return encoded === 'several' ? undefined : encoded;
  const turns = dialogueTurns(text);
  return (turns && lastExchange(turns)) ?? { prompt: [], response: assistant(text) };
}

function encodedExchange(value: unknown): Exchange | 'several' | undefined {
  const messages = messagesOf(value);
  if (messages !== undefined) {
    const alternatives = messages.length > 1 && messages.every((message) => message.role === 'assistant');
    return alternatives ? 'several' : (lastExchange(messages) ?? 'several');
  }
  if (Array.isArray(value) && value.length > 0 && value.every((item) => encodedText(item) !== undefined)) {
    return value.length === 1 ? encodedExchange(value[0]) : 'several';
  }
  const content = encodedText(value);
  return content === undefined ? undefined : { prompt: [], response: assistant(content) };
}

/** The content of an encoded assistant message, or of one wrapped in `answer`. */
function encodedText(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const message = isRecord(value.answer) ? value.answer : value;
  const role = roleOf(message.role);
  return typeof message.content === 'string' && (role ?? 'assistant') === 'assistant' ? message.content : undefined;
}

/** Whether two conversations are the same, turn for turn. */
export function sameTurns(one: readonly Message[], other: readonly Message[]): boolean {
  const same = (message: Message, index: number): boolean =>
    message.role === other[index]?.role && message.content.trim() === other[index].content.trim();
  return one.length === other.length && one.every(same);
}
