/** Strings that encode messages or responses as JSON, read as what they encode, with places in the document. */

import { decodedJson, isRecord, messagesOf, roleOf } from './messages.ts';
import { isString, type Node, parseJson, type StringNode, spellingOf } from './tree.ts';

/** JSON inside JSON inside JSON is as deep as exporters go. */
const DEEPEST = 2;

/** Replaces the strings of a tree that encode messages or responses by the trees of these. */
export function readEncoded(root: Node, text: string): void {
  const waiting = [{ node: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    const children = node.children ?? [];
    for (const [index, child] of children.entries()) {
      const isName = node.type === 'property' && index === 0;
      const inner = isName || depth === DEEPEST ? undefined : innerOf(child, text);
      if (inner !== undefined) children[index] = inner;
      waiting.push({ node: inner ?? child, depth: inner === undefined ? depth : depth + 1 });
    }
  }
}

function innerOf(literal: Node, text: string): Node | undefined {
  if (!isString(literal)) return undefined;
  const decoded = decodedJson(literal.value);
  if (decoded === undefined || !holdsResponses(decoded)) return undefined;
  const inner = parseJson(literal.value);
  if (inner === undefined) return undefined;
  place(inner, literal, text);
  return inner;
}

/** Gives the nodes of a tree, which lie in the value of a literal, their places in the document. */
function place(root: Node, literal: StringNode, text: string): void {
  const outer = spellingOf(literal, text);
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isString(node)) node.spelling = outer.within(spellingOf(node, literal.value));
    const { start, end } = outer.rangeOf(node.offset, node.offset + node.length);
    Object.assign(node, { offset: start, length: end - start });
    waiting.push(...(node.children ?? []));
  }
}

/** Text that happens to be JSON stays text: only messages and lists of responses, with their content, are read. */
function holdsResponses(value: unknown): boolean {
  if (messagesOf(value) !== undefined) return true;
  if (Array.isArray(value)) return value.length > 0 && value.every(isResponse);
  return isResponse(value);
}

/** An assistant's message, or one wrapped in `answer`. */
function isResponse(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const message = isRecord(value.answer) ? value.answer : value;
  return typeof message.content === 'string' && (roleOf(message.role) ?? 'assistant') === 'assistant';
}
