/** How the string literals of Python and JavaScript are spelled. A literal whose text only a run would tell has none. */

import { type Spelling, SpellingBuilder } from '../spelling.ts';

interface Escape {
  readonly length: number;
  readonly meaning: string;
}

type ReadEscape = (text: string, at: number) => Escape | undefined;

/** Undefined of bytes and of a character by its name, `\N{BULLET}`: the names are not known here. */
export function pythonSpelling(text: string, start: number, end: number): Spelling | undefined {
  const opening = /^([A-Za-z]{0,2})("""|'''|"|')/.exec(text.slice(start, Math.min(end, start + 5)));
  if (opening?.[1] === undefined || opening[2] === undefined) return undefined;
  const prefix = opening[1].toLowerCase();
  const isFormat = prefix.includes('f');
  if (prefix.includes('b') || prefix.includes('t')) return undefined;
  const inside = insideOf(text, start + opening[0].length, end, opening[2]);
  const isRaw = prefix.includes('r');
  if (!isRaw && NAMED.test(text.slice(inside.start, inside.end))) return undefined;
  return spell(text, inside, (whole, at) => {
    if (whole[at] === '\\') return isRaw ? undefined : pythonEscape(whole, at);
    if (isFormat && (whole.startsWith('{{', at) || whole.startsWith('}}', at))) {
      return { length: 2, meaning: whole.charAt(at) };
    }
    return lineBreak(whole, at);
  });
}

/** Of a quoted string, or of a template without substitutions. */
export function javascriptSpelling(text: string, start: number, end: number): Spelling | undefined {
  const quote = text.charAt(start);
  if (!['"', "'", '`'].includes(quote)) return undefined;
  const inside = insideOf(text, start + 1, end, quote);
  return spell(text, inside, (whole, at) =>
    whole[at] === '\\' ? javascriptEscape(whole, at) : quote === '`' ? lineBreak(whole, at) : undefined,
  );
}

/** After an escaped backslash it is text. */
const NAMED = /(?<!\\)(?:\\\\)*\\N\{/;

/** Between the quotes, or up to its end where the closing quote is missing. */
function insideOf(text: string, start: number, end: number, quote: string) {
  const closing = end - quote.length;
  const isClosed =
    closing >= start && text.startsWith(quote, closing) && backslashesBefore(text, start, closing) % 2 === 0;
  return { start: Math.min(start, end), end: isClosed ? closing : end };
}

function backslashesBefore(text: string, start: number, at: number): number {
  let count = 0;
  while (at - 1 - count >= start && text[at - 1 - count] === '\\') count += 1;
  return count;
}

function spell(text: string, inside: { start: number; end: number }, escapeAt: ReadEscape): Spelling {
  const builder = new SpellingBuilder();
  let plain = inside.start;
  for (let at = inside.start; at < inside.end; ) {
    const sequence = escapeAt(text, at);
    if (sequence === undefined || at + sequence.length > inside.end) {
      at += 1;
      continue;
    }
    builder.addPlain(text.slice(plain, at), plain);
    builder.add(sequence.meaning, at, at + sequence.length);
    at += sequence.length;
    plain = at;
  }
  builder.addPlain(text.slice(plain, inside.end), plain);
  return builder.build(inside);
}

/** Both languages read Windows line ends in a literal as line feeds. */
function lineBreak(text: string, at: number): Escape | undefined {
  if (text[at] !== '\r') return undefined;
  return { length: text[at + 1] === '\n' ? 2 : 1, meaning: '\n' };
}

const CONTINUATION = /\\(?:\r\n|\n|\r)/y;
const JS_CONTINUATION = /\\(?:\r\n|[\n\r\u2028\u2029])/y;
const OCTAL = /\\([0-3]?[0-7]{1,2})/y;
const HEX = /\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})/y;
const LONG = /\\U([0-9a-fA-F]{8})/y;
const BRACED = /\\u\{0*([0-9a-fA-F]{1,6})\}/y;

/** What a letter after a backslash means in both languages. */
const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const PYTHON_LETTERS: Readonly<Record<string, string>> = { ...LETTERS, a: '\x07', '\\': '\\', "'": "'", '"': '"' };

function pythonEscape(text: string, at: number): Escape | undefined {
  const letter = PYTHON_LETTERS[text[at + 1] ?? ''];
  if (letter !== undefined) return { length: 2, meaning: letter };
  return (
    escapeOf(CONTINUATION, text, at, () => '') ??
    escapeOf(/\\([0-7]{1,3})/y, text, at, (digits) => String.fromCharCode(Number.parseInt(digits, 8))) ??
    escapeOf(HEX, text, at, ofCode) ??
    escapeOf(LONG, text, at, ofCode)
  );
}

function javascriptEscape(text: string, at: number): Escape | undefined {
  const next = text[at + 1] ?? '';
  const letter = LETTERS[next];
  if (letter !== undefined) return { length: 2, meaning: letter };
  const known =
    escapeOf(JS_CONTINUATION, text, at, () => '') ??
    escapeOf(OCTAL, text, at, (digits) => String.fromCharCode(Number.parseInt(digits, 8))) ??
    escapeOf(HEX, text, at, ofCode) ??
    escapeOf(BRACED, text, at, ofCode);
  if (known !== undefined) return known;
  return next === '' || next === 'x' || next === 'u' ? undefined : { length: 2, meaning: next };
}

function escapeOf(pattern: RegExp, text: string, at: number, meaning: (digits: string) => string | undefined) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const value = meaning(match[1] ?? match[2] ?? '');
  return value === undefined ? undefined : { length: match[0].length, meaning: value };
}

function ofCode(hex: string): string | undefined {
  const code = Number.parseInt(hex, 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
