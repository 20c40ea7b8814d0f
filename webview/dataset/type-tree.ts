/** A column's type as a tree that unfolds: `list<struct<role: string, content: string>>`. */

import { element } from './elements.ts';

interface TypeNode {
  /** The field's name in a struct. */
  readonly name?: string;
  readonly type: string;
  readonly inside: readonly TypeNode[];
}

export function typeTree(type: string): HTMLElement {
  return nodeView(parseType(type));
}

/** Types nest in angle brackets; a struct's fields are `name: type`, separated by commas. */
export function parseType(text: string): TypeNode {
  const open = text.indexOf('<');
  if (open < 0 || !text.endsWith('>')) return { type: text, inside: [] };
  const parts = splitOutside(text.slice(open + 1, -1), ',');
  const inside = parts.map((part) => {
    const [name, ...type] = splitOutside(part, ':');
    return type.length === 0
      ? parseType(part.trim())
      : { ...parseType(type.join(':').trim()), name: name?.trim() ?? '' };
  });
  return { type: text.slice(0, open), inside };
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '<' || character === '(') depth++;
    else if (character === '>' || character === ')') depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

function nodeView({ name, type, inside }: TypeNode): HTMLElement {
  const label = [
    ...(name === undefined ? [] : [element('bdi', { class: 'name' }, name), ': ']),
    element('bdi', { class: 'type' }, type),
  ];
  if (inside.length === 0) return element('div', {}, ...label);
  const tree = element('details', {}, element('summary', {}, ...label), ...inside.map(nodeView));
  tree.open = true;
  return tree;
}
