/** A JSON text as a tree with positions, however damaged, and the strings in it with their escapes decoded. */

import { type Node as JsonNode, parseTree } from 'jsonc-parser';
import type { TextRange } from '../located.ts';
import type { Spelling } from '../spelling.ts';
import { jsonSpelling } from './escapes.ts';

/** A value with its place: of a JSON text, of JSON inside a string of it, or of a literal in code. */
export interface Node extends Omit<JsonNode, 'children' | 'parent'> {
  children?: Node[];
  /** Of a string whose place is not that of a JSON literal. */
  spelling?: Spelling;
}

export type StringNode = Node & { value: string };

/** The tree of a text, or undefined where there is no value in it. Throws a RangeError where it is nested too deep. */
export function parseJson(text: string): Node | undefined {
  return parseTree(text, [], { allowTrailingComma: true });
}

/** The values around an offset, from the root to the innermost; property names are not values. */
export function valuesAround(root: Node, offset: number): Node[] {
  const found: Node[] = [];
  let node: Node | undefined = root;
  while (node !== undefined && touches(node, offset)) {
    found.push(node);
    node = valuesIn(node).find((value) => touches(value, offset));
  }
  return found;
}

/** The values directly inside an object or array. */
export function valuesIn(node: Node): Node[] {
  if (node.type === 'array') return node.children ?? [];
  if (node.type === 'object') return properties(node).map(([, value]) => value);
  return [];
}

/** Names and values of an object, in order; a name without a value (damaged text) is left out. */
export function properties(node: Node): [string, Node][] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap((property): [string, Node][] => {
    const [name, value] = property.children ?? [];
    return typeof name?.value === 'string' && value !== undefined ? [[name.value, value]] : [];
  });
}

export function property(node: Node, name: string): Node | undefined {
  return properties(node).find(([key]) => key === name)?.[1];
}

export const isString = (node: Node | undefined): node is StringNode => node?.type === 'string';

export function touches(node: Node, offset: number): boolean {
  return offset >= node.offset && offset <= node.offset + node.length;
}

/** How a string of the tree of `text` is spelled there. */
export function spellingOf(literal: Node, text: string): Spelling {
  literal.spelling ??= jsonSpelling(text, insideOf(literal, text));
  return literal.spelling;
}

/** The inside of a string literal: between its quotes, or up to its end where the closing quote is missing. */
export function insideOf(literal: Node, text: string): TextRange {
  if (literal.spelling !== undefined) return literal.spelling.inside;
  const start = literal.offset + 1;
  const end = literal.offset + literal.length;
  return { start, end: endsWithQuote(text, start, end) ? end - 1 : end };
}

function endsWithQuote(text: string, start: number, end: number): boolean {
  if (end <= start || text[end - 1] !== '"') return false;
  let backslashes = 0;
  while (end - 2 - backslashes >= start && text[end - 2 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 0;
}
