/** The escapes of JSON strings. Damaged ones stay as written. */

import type { TextRange } from '../located.ts';
import { type Spelling, SpellingBuilder } from '../spelling.ts';

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g;

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

/** The spelling of a literal whose inside, between its quotes, is at a place of a text. */
export function jsonSpelling(text: string, inside: TextRange): Spelling {
  const raw = text.slice(inside.start, inside.end);
  const builder = new SpellingBuilder();
  let plain = 0;
  for (const match of raw.matchAll(ESCAPE)) {
    builder.addPlain(raw.slice(plain, match.index), inside.start + plain);
    plain = match.index + match[0].length;
    builder.add(meaningOf(match), inside.start + match.index, inside.start + plain);
  }
  builder.addPlain(raw.slice(plain), inside.start + plain);
  return builder.build(inside);
}

function meaningOf([, hex, letter]: RegExpExecArray): string {
  return hex === undefined ? (LETTERS[letter ?? ''] ?? '') : String.fromCharCode(Number.parseInt(hex, 16));
}
