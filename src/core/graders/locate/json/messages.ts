/** Chat messages in JSON, under the names that data sets give to role and content. */

import { CONTENT_KEYS, ROLE_KEYS, ROLES } from '../../../datasets/formats/message-names.ts';
import type { Message, Role } from '../../../datasets/records.ts';
import { type Node, property } from './tree.ts';

/** What a person hovers is read a little more freely than what is trained on. */
const HOVERED_ROLES: Readonly<Record<string, Role>> = { ...ROLES, ai: 'assistant' };

/** The role that a value names, or undefined. */
export function roleOf(value: unknown): Role | undefined {
  const name = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return Object.hasOwn(HOVERED_ROLES, name) ? HOVERED_ROLES[name] : undefined;
}

/** A message in the tree: its role and the string literal of its content. */
export interface MessageNode {
  readonly role: Role;
  readonly literal: Node & { readonly value: string };
}

export function messageNode(node: Node): MessageNode | undefined {
  const role = firstDefined(ROLE_KEYS, (name) => roleOf(property(node, name)?.value));
  const literal = firstDefined(CONTENT_KEYS, (name) => {
    const value = property(node, name);
    return value?.type === 'string' ? value : undefined;
  });
  return role === undefined || literal === undefined ? undefined : { role, literal: literal as MessageNode['literal'] };
}

/** The message that a decoded value is, or undefined. Content parts are joined by their texts. */
export function messageOf(value: unknown): Message | undefined {
  if (!isRecord(value)) return undefined;
  const role = firstDefined(ROLE_KEYS, (name) => roleOf(value[name]));
  const content = firstDefined(CONTENT_KEYS, (name) => contentText(value[name]));
  return role === undefined || content === undefined ? undefined : { role, content };
}

/** The messages that a decoded value lists, or undefined where it is not a list of messages. */
export function messagesOf(value: unknown): Message[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages = value.map(messageOf).filter((message) => message !== undefined);
  return messages.length === value.length ? messages : undefined;
}

/** The value that a string encodes where it is JSON of a list or an object: some sets keep their messages so. */
export function decodedJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function contentText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : undefined));
  const known = texts.filter((text) => text !== undefined);
  return known.length === 0 ? undefined : known.join('');
}

function firstDefined<Name, Value>(names: readonly Name[], look: (name: Name) => Value | undefined): Value | undefined {
  for (const name of names) {
    const value = look(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
