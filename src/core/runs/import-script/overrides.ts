/** Hydra's override grammar as far as launch scripts use it: `a.b=c`, `+a=b`, `++a=b`, `~a`, lists and quoted values. */

import type { Argument } from './find-launch.ts';
import { type Missing, missingOf, textOf } from './shell-variables.ts';

export interface Override {
  readonly line: number;
  /** `+` adds an option, `++` adds or replaces one, `~` removes one. */
  readonly operator: '' | '+' | '++' | '~';
  readonly key: string;
  /** The value as Hydra is given it. */
  readonly text: string;
  readonly missing: readonly Missing[];
}

const OVERRIDE = /^(\+\+|\+|~)?([A-Za-z_][\w/@.:-]*)(?:=([\s\S]*))?$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The override an argument is, or undefined for something else. */
export function parseOverride({ value, line }: Argument): Override | undefined {
  const text = textOf(value);
  const match = OVERRIDE.exec(text);
  if (!match) return undefined;
  const [, operator = '', key = '', after] = match;
  if (after === undefined && operator !== '~') return undefined;
  // A name that is partly unknown is no name.
  const head = text.length - (after?.length ?? 0);
  let seen = 0;
  for (const piece of value) {
    if (piece.missing && seen < head) return undefined;
    seen += piece.text.length;
  }
  return { line, operator: operator as Override['operator'], key, text: after ?? '', missing: missingOf(value) };
}

/** A value as a run file holds it: numbers and booleans as such, everything else as Hydra writes it. */
export function scalarOf(text: string): number | boolean | string {
  const trimmed = text.trim();
  if (/^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  if (NUMBER.test(trimmed) && Number.isFinite(Number(trimmed))) {
    const number = Number(trimmed);
    // Digits that a double cannot hold stay as they are written.
    if (!Number.isInteger(number) || Number.isSafeInteger(number)) return number;
  }
  return text;
}

export const isNull = (text: string): boolean => /^(?:null|none)?$/i.test(text.trim());

/** A string without Hydra's quotes. */
export function unquoted(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed[0];
  if (trimmed.length < 2 || (quote !== '"' && quote !== "'") || !trimmed.endsWith(quote)) return trimmed;
  return trimmed.slice(1, -1).replace(new RegExp(`\\\\(${quote}|\\\\)`, 'g'), '$1');
}

/** The strings of `a`, `"a"` or `[a, "b"]`; undefined where it is no such thing. */
export function stringsOf(text: string): string[] | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return trimmed === '' ? undefined : [unquoted(trimmed)];
  if (!trimmed.endsWith(']')) return undefined;
  const items: string[] = [];
  // No two neighbouring parts can match the same blanks: long ones cost no more than their length.
  const pattern = /(?:\s*("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')\s*|([^,"'[\]{}]+))(?:,|$)/y;
  const inner = trimmed.slice(1, -1);
  while (pattern.lastIndex < inner.length) {
    const match = pattern.exec(inner);
    if (!match) return undefined;
    items.push(unquoted(match[1] ?? match[2]!));
  }
  return items.length === 0 ? undefined : items;
}
