/** Parts of a JSON string literal: widened to whole characters, so that no escape or surrogate pair is cut, and decoded. */

import type { TextRange } from '../located.ts';

const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|[^u]|u)/y;

/** The smallest range around `part` that cuts no escape and no pair of surrogates of the literal whose inside is `inside`. */
export function wholeCharacters(text: string, inside: TextRange, part: TextRange): TextRange {
  let { start, end } = part;
  let position = inside.start;
  while (position < inside.end && position < end) {
    const next = Math.min(endOfCharacter(text, position), inside.end);
    if (position < start && next > start) start = position;
    if (position < end && next > end) end = next;
    position = next;
  }
  return { start, end };
}

/** The text that the inside of a literal, or a part of it that cuts no escape, stands for. Damaged escapes stay as written. */
export function decodeEscapes(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_match, hex?: string, letter?: string) =>
    hex === undefined ? (LETTERS[letter ?? ''] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const LETTERS: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Where the character that starts at `position` ends; a surrogate pair is one, written plainly or as two escapes. */
function endOfCharacter(text: string, position: number): number {
  const [first, end] = codeUnitAt(text, position);
  if (first < 0xd800 || first > 0xdbff) return end;
  const [second, pairEnd] = codeUnitAt(text, end);
  return second >= 0xdc00 && second <= 0xdfff ? pairEnd : end;
}

function codeUnitAt(text: string, position: number): [code: number, end: number] {
  ESCAPE.lastIndex = position;
  const sequence = ESCAPE.exec(text)?.[0];
  if (sequence === undefined) return [text.charCodeAt(position), position + 1];
  const code = sequence.length === 6 ? Number.parseInt(sequence.slice(2), 16) : 0;
  return [code, position + sequence.length];
}
