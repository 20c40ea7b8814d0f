/** Chat messages in the spellings that data sets use, and the prompt that two conversations share. */

import type { Message, Role } from '../records.ts';
import { CALL_KEYS, callTexts, withCalls } from './called-tools.ts';
import { CONTENT_KEYS, ROLE_KEYS, ROLES } from './message-names.ts';
import { UnfitRow } from './row-problem.ts';
import { decodeJson, describeType, isBlank, quoteValue, textOf, trimBlanks } from './text.ts';

/** Whether a decoded cell is messages rather than plain text, which may itself be some JSON. */
export function areMessages(decoded: unknown): boolean {
  return (
    Array.isArray(decoded) &&
    decoded.length > 0 &&
    decoded.every((item) => isStruct(item) && roleOf(item) !== undefined)
  );
}

/**
 * A list of messages from a native list or JSON text. The tools that a message calls follow its content as JSON text, and
 * it may then have no content; other keys are dropped.
 */
export function messagesOf(value: unknown, field: string): Message[] {
  const decoded = decodeJson(value);
  if (decoded === null || decoded === undefined) throw new UnfitRow('missing-value', field, 'it is missing');
  if (!Array.isArray(decoded)) {
    throw new UnfitRow('wrong-type', field, `it is ${describeType(decoded)}, not a list of messages`);
  }
  return decoded.map((item, index) => messageOf(item, index, field));
}

function messageOf(item: unknown, index: number, field: string): Message {
  if (!isStruct(item)) {
    throw new UnfitRow('wrong-type', field, `message ${index + 1} is ${describeType(item)}, not {role, content}`);
  }
  const role = roleOf(item);
  if (role === undefined) {
    const spelled = spelledRole(item);
    const found = spelled === undefined ? 'no role' : `the unknown role ${quoteValue(spelled)}`;
    throw new UnfitRow('wrong-type', field, `message ${index + 1} has ${found}`);
  }
  const key = CONTENT_KEYS.find((candidate) => item[candidate] !== null && item[candidate] !== undefined);
  const calls = callTexts(CALL_KEYS.map((name) => item[name]));
  if (key === undefined) {
    if (calls.length === 0) throw new UnfitRow('missing-value', field, `message ${index + 1} has no content`);
    return { role, content: withCalls('', calls) };
  }
  const content = contentOf(item[key], field);
  return { role, content: calls.length === 0 ? content : withCalls(content, calls) };
}

function spelledRole(item: Record<string, unknown>): string | undefined {
  for (const key of ROLE_KEYS) {
    const role = item[key];
    if (typeof role === 'string') return role;
  }
  return undefined;
}

function roleOf(item: Record<string, unknown>): Role | undefined {
  const spelled = spelledRole(item)?.toLowerCase();
  return spelled !== undefined && Object.hasOwn(ROLES, spelled) ? ROLES[spelled] : undefined;
}

/** Text, or the text parts of a list of parts; a picture or another part makes the row unfit. */
function contentOf(content: unknown, field: string): string {
  if (!Array.isArray(content)) return textOf(content, field);
  return content
    .map((part: unknown) => {
      if (isStruct(part) && typeof part.text === 'string') return part.text;
      throw new UnfitRow('wrong-type', field, 'a message holds a part that is not text');
    })
    .join('');
}

export interface SharedPrompt {
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
}

/**
 * Splits two whole conversations into what they share and how each goes on: the longest run of equal messages after
 * which both go on with an assistant message.
 */
export function splitSharedPrompt(
  chosen: readonly Message[],
  rejected: readonly Message[],
  field: string,
): SharedPrompt {
  let length = 0;
  const limit = Math.min(chosen.length, rejected.length);
  while (length < limit && sameMessage(chosen[length]!, rejected[length]!)) length++;
  while (length > 0 && !(chosen[length]?.role === 'assistant' && rejected[length]?.role === 'assistant')) length--;
  const parts = { prompt: chosen.slice(0, length), chosen: chosen.slice(length), rejected: rejected.slice(length) };
  if (parts.chosen[0]?.role !== 'assistant' || parts.rejected[0]?.role !== 'assistant') {
    throw new UnfitRow('no-shared-prompt', field, 'the two conversations do not begin with the same prompt');
  }
  return parts;
}

function sameMessage(a: Message, b: Message): boolean {
  return a.role === b.role && a.content === b.content;
}

const TURN_MARK = /\n\n(Human|Assistant):/g;

/** The turns of a dialogue text with marks `\n\nHuman:` and `\n\nAssistant:`; blanks around each turn are dropped. */
export function dialogueTurns(text: string, field: string): Message[] {
  const marked = /^(Human|Assistant):/.test(text) ? `\n\n${text}` : text;
  const marks = [...marked.matchAll(TURN_MARK)];
  const [first] = marks;
  if (!first || !isBlank(marked.slice(0, first.index))) {
    throw new UnfitRow('wrong-type', field, 'it is not a dialogue with the marks "Human:" and "Assistant:"');
  }
  return marks.map((mark, index) => {
    const end = marks[index + 1]?.index ?? marked.length;
    const content = trimBlanks(marked.slice(mark.index + mark[0].length, end));
    return { role: mark[1] === 'Human' ? 'user' : 'assistant', content };
  });
}

function isStruct(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
