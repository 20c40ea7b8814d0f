/** A JSON text as a tree with positions, however damaged, and the strings in it with their escapes decoded. */

import { type Node, parseTree } from 'jsonc-parser';
import type { TextRange } from '../located.ts';

export type { Node } from 'jsonc-parser';

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

export const isString = (node: Node | undefined): node is Node & { readonly value: string } => node?.type === 'string';

function touches(node: Node, offset: number): boolean {
  return offset >= node.offset && offset <= node.offset + node.length;
}

/** The inside of a string literal: between its quotes, or up to its end where the closing quote is missing. */
export function insideOf(literal: Node, text: string): TextRange {
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
