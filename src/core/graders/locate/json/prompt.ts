/** The prompt of a row, whatever its field and form: text, messages, or JSON of messages; the same turns as in training. */

import { getNodeValue } from 'jsonc-parser';
import type { Message } from '../../../datasets/records.ts';
import { CONVERSATION_FIELDS, INSTRUCTION_FIELDS, isOneOf, PROMPT_FIELDS, SYSTEM_FIELDS } from './fields.ts';
import { decodedJson, isRecord, messageOf, messagesOf } from './messages.ts';
import { type Node, property } from './tree.ts';

/** The turns that a row gives as its prompt, or as the conversation so far; empty where it has neither. */
export function promptOfRow(row: Node): readonly Message[] {
  return promptIn(row, promptOfFields);
}

/** The turns that a row gives as its prompt beside a conversation: what such a conversation may go on from. */
export function promptBesideConversation(row: Node): readonly Message[] {
  return promptIn(row, promptOfPromptFields);
}

type PromptOf = (valueOfField: (name: string) => unknown, isNested: boolean) => Message[];

function promptIn(row: Node, promptOf: PromptOf): readonly Message[] {
  if (row.type !== 'object') return [];
  const turns = promptOf((name) => fieldValue(row, name), false);
  return turns.length === 0 ? [] : [...systemOf(row, turns), ...turns];
}

/** The row's prompt and the turns that a response brings itself; many sets repeat the prompt in those turns. */
export function joinPrompts(ofRow: readonly Message[], own: readonly Message[]): readonly Message[] {
  if (own.length === 0) return ofRow;
  const asked = ofRow.filter((message) => message.role !== 'system');
  const last = asked.at(-1);
  const repeated = last === undefined || own.some((message) => sameMessage(message, last));
  if (!repeated) return [...ofRow, ...own];
  const system = own[0]?.role === 'system' ? [] : ofRow.filter((message) => message.role === 'system');
  return [...system, ...own];
}

const promptOfFields: PromptOf = (valueOfField, isNested) => {
  const asked = promptOfPromptFields(valueOfField, isNested);
  if (asked.length > 0) return asked;
  for (const name of CONVERSATION_FIELDS) {
    const turns = turnsOf(valueOfField(name), isNested);
    if (turns.length > 0) return turns.at(-1)?.role === 'assistant' ? turns.slice(0, -1) : turns;
  }
  return [];
};

function promptOfPromptFields(valueOfField: (name: string) => unknown, isNested: boolean): Message[] {
  for (const name of PROMPT_FIELDS) {
    const turns = turnsOf(valueOfField(name), isNested);
    if (turns.length === 0) continue;
    return isOneOf(name, INSTRUCTION_FIELDS) ? withInput(turns, valueOfField('input')) : turns;
  }
  return [];
}

/** A prompt may be an object with fields of its own, `{query, context}`, but not deeper. */
function turnsOf(value: unknown, isNested: boolean): Message[] {
  if (typeof value === 'string') return turnsOfText(value);
  if (isRecord(value)) {
    const message = messageOf(value);
    if (message !== undefined) return [message];
    return isNested ? [] : promptOfFields((name) => value[name], true);
  }
  return (messagesOf(value) ?? []).filter(hasText);
}

function turnsOfText(text: string): Message[] {
  if (text.trim() === '') return [];
  const turns = messagesOf(decodedJson(text)) ?? [{ role: 'user', content: text }];
  return turns.filter(hasText);
}

/** The alpaca convention: what an instruction works on stands below it. */
function withInput(instruction: Message[], input: unknown): Message[] {
  const only = instruction.length === 1 ? instruction[0] : undefined;
  if (only === undefined || typeof input !== 'string' || input.trim() === '') return instruction;
  return [{ role: only.role, content: `${only.content}\n\n${input}` }];
}

function systemOf(row: Node, turns: readonly Message[]): Message[] {
  if (turns[0]?.role === 'system') return [];
  const content = SYSTEM_FIELDS.map((name) => fieldValue(row, name)).find((value) => typeof value === 'string');
  return typeof content === 'string' && content.trim() !== '' ? [{ role: 'system', content }] : [];
}

function fieldValue(row: Node, name: string): unknown {
  const node = property(row, name);
  return node === undefined ? undefined : getNodeValue(node);
}

const hasText = (message: Message): boolean => message.content.trim() !== '';

const sameMessage = (one: Message, other: Message): boolean =>
  one.role === other.role && one.content.trim() === other.content.trim();
