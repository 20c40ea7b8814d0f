/** A nested value as a tree that unfolds. Numbers are shown with the digits they are stored with. */

import { button, element } from '../elements.ts';
import { count, counted } from '../text.ts';

/** Entries shown at once, of any one list or object. */
const ENTRIES = 200;
/** Texts longer than this are cut in the tree; the field's text shows them whole. */
const TEXT_CHARS = 4_000;

/** A number as it is written: no digit of a long integer is lost. */
class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** @returns undefined where the text is no JSON list or object */
export function jsonTree(text: string): HTMLElement | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text, (_key, item, context?: { source?: string }) =>
      typeof item === 'number' ? new Digits(context?.source ?? String(item)) : item,
    );
    return element('div', { class: 'json-tree' }, node(undefined, value, true));
  } catch {
    return undefined;
  }
}

function node(name: string | undefined, value: unknown, open: boolean): HTMLElement {
  const key = name === undefined ? [] : [element('bdi', { class: 'key' }, name), ': '];
  if (typeof value !== 'object' || value === null || value instanceof Digits) {
    return element('div', { class: 'leaf' }, ...key, leaf(value));
  }
  const entries = Object.entries(value);
  const list = Array.isArray(value);
  const size = list ? `[${counted(entries.length, 'item')}]` : `{${counted(entries.length, 'key')}}`;
  const summary = element('summary', {}, ...key, element('span', { class: 'size' }, size));
  const branch = element('details', {}, summary);
  // Filled when it is opened: a value may have more nodes than a page can hold.
  branch.addEventListener('toggle', () => branch.open && fill(branch, entries, 0), { once: true });
  branch.open = open;
  return branch;
}

function fill(branch: HTMLElement, entries: readonly [string, unknown][], from: number): void {
  const shown = entries.slice(from, from + ENTRIES);
  branch.append(...shown.map(([name, value]) => node(name, value, false)));
  const left = entries.length - from - shown.length;
  if (left <= 0) return;
  const more = button(`Show more (${count(left)} left)`, () => {
    more.remove();
    fill(branch, entries, from + ENTRIES);
  });
  branch.append(more);
}

function leaf(value: unknown): HTMLElement {
  if (value instanceof Digits) return element('span', { class: 'number-value' }, value.text);
  if (typeof value !== 'string') return element('span', { class: 'word-value' }, String(value));
  const text = value.length > TEXT_CHARS ? `${value.slice(0, TEXT_CHARS)}…` : value;
  return element('bdi', { class: 'text-value', dir: 'auto' }, `"${text}"`);
}
