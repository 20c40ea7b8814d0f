/**
 * Words and operators of a shell script, after the grammar of POSIX sh (XCU 2.2, 2.3) with the parts of bash that training
 * scripts use: arrays, `$'...'`, `[[`, here-strings. Nothing is ever run.
 */

import { endOfBackticks, endOfSubstitution, unclosed } from './shell-substitution.ts';
import type { Part, Word } from './shell-word.ts';

export type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'operator'; readonly text: string; readonly line: number };

const OPERATOR = /\|\||&&|;;&|;;|;&|;|&|\||\(|\)|\n/y;
const REDIRECTION = /\d*(?:<<<|<<-|<<|<>|<&|<|>>|>\||>&|>)|&>>|&>/y;
const VARIABLE = /\$(?:([A-Za-z_]\w*)|([0-9@*#?$!-]))/y;
const BRACED = /^([A-Za-z_]\w*|\d+|[@*])(\[[@*]\])?(?:(:?[-=+?])([\s\S]*))?$/;
const BLANKS_TO_END = /[ \t]+\n/y;
const ENDS_WORD = new Set([' ', '\t', '\n', ';', '&', '|', '(', ')', '<', '>']);
/** Defaults within defaults: deeper than anyone writes, shallow enough to end. */
const DEEPEST = 12;

export class ShellLexer {
  readonly #text: string;
  readonly #depth: number;
  #at = 0;
  #line: number;
  #heredocs: { readonly delimiter: string; readonly tabs: boolean }[] = [];
  /** Lines whose backslash is followed by blanks: it escapes a blank instead of the line's end. */
  readonly brokenContinuations: number[] = [];

  constructor(text: string, line = 1, depth = 0) {
    this.#text = text;
    this.#line = line;
    this.#depth = depth;
  }

  /** The next word or operator; undefined at the end. @throws StudioError 'invalid-run' for a quote never closed */
  next(): Token | undefined {
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.#text.length) return undefined;
      if (this.#peek('#')) {
        this.#at = this.#endOfLine();
        continue;
      }
      if (!/^[<>]\(/.test(this.#text.slice(this.#at, this.#at + 2))) {
        const redirection = this.#match(REDIRECTION);
        if (redirection) {
          this.#skipRedirection(redirection[0].replace(/^\d+/, ''));
          continue;
        }
      }
      const line = this.#line;
      const operator = this.#match(OPERATOR)?.[0];
      if (operator === undefined) return { kind: 'word', word: this.#word() };
      if (operator === '\n') {
        this.#line++;
        this.#skipHeredocs();
      }
      return { kind: 'operator', text: operator, line };
    }
  }

  #peek(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : end;
  }

  #skipBlanks(): void {
    for (;;) {
      if (this.#peek('\\\n')) {
        this.#at += 2;
        this.#line++;
      } else if (this.#peek(' ') || this.#peek('\t')) this.#at++;
      else return;
    }
  }

  #skipRedirection(operator: string): void {
    this.#skipBlanks();
    if (this.#at >= this.#text.length || ENDS_WORD.has(this.#text[this.#at]!)) return;
    const { parts } = this.#word();
    if (operator !== '<<' && operator !== '<<-') return;
    const delimiter = parts.map((part) => (part.kind === 'text' ? part.text : part.source)).join('');
    this.#heredocs.push({ delimiter, tabs: operator === '<<-' });
  }

  /** The text of here-documents is no script of its own: it begins after the line that announces it. */
  #skipHeredocs(): void {
    for (const { delimiter, tabs } of this.#heredocs.splice(0)) {
      while (this.#at < this.#text.length) {
        const end = this.#endOfLine();
        const text = this.#text.slice(this.#at, end);
        this.#at = Math.min(end + 1, this.#text.length);
        this.#line++;
        if ((tabs ? text.replace(/^\t+/, '') : text) === delimiter) break;
      }
    }
  }

  #word(): Word {
    const line = this.#line;
    const parts: Part[] = [];
    const start = this.#at;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!;
      if (character === '(' && /^\w+\+?=$/.test(this.#text.slice(start, Math.min(this.#at, start + 200)))) {
        this.#at++;
        return { parts, line, items: this.#arrayItems(line) };
      }
      const substitution = (character === '<' || character === '>') && this.#text[this.#at + 1] === '(';
      if (ENDS_WORD.has(character) && !(substitution && this.#at === start)) break;
      this.#part(character, parts, substitution);
    }
    return { parts, line };
  }

  #part(character: string, parts: Part[], substitution: boolean): void {
    if (character === "'") {
      const text = this.#until("'", this.#at + 1);
      parts.push({ kind: 'text', text, quoted: true });
    } else if (character === '"') {
      this.#at++;
      this.#doubleQuoted(parts);
    } else if (this.#peek("$'")) {
      parts.push({ kind: 'text', text: this.#ansiQuoted(), quoted: true });
    } else if (this.#peek('$"')) {
      this.#at += 2;
      this.#doubleQuoted(parts);
    } else if (character === '\\') {
      this.#escape(parts);
    } else if (character === '$' || character === '`' || substitution) {
      parts.push(this.#expansion(false));
    } else {
      this.#plain(parts);
    }
  }

  #plain(parts: Part[]): void {
    const start = this.#at;
    while (this.#at < this.#text.length && !/['"\\$`]/.test(this.#text[this.#at]!)) {
      if (ENDS_WORD.has(this.#text[this.#at]!)) break;
      this.#at++;
    }
    parts.push({ kind: 'text', text: this.#text.slice(start, this.#at), quoted: false });
  }

  #escape(parts: Part[]): void {
    const next = this.#text[this.#at + 1];
    if (next === '\n') {
      this.#line++;
    } else {
      BLANKS_TO_END.lastIndex = this.#at + 1;
      if (BLANKS_TO_END.test(this.#text)) this.brokenContinuations.push(this.#line);
      parts.push({ kind: 'text', text: next ?? '\\', quoted: true });
    }
    this.#at += 2;
  }

  #arrayItems(line: number): Word[] {
    const items: Word[] = [];
    for (;;) {
      const token = this.next();
      if (!token) throw unclosed('(', line);
      if (token.kind === 'word') items.push(token.word);
      else if (token.text === ')') return items;
    }
  }

  /** The text up to a closing character; moves past it and counts lines. */
  #until(close: string, from: number): string {
    const end = this.#text.indexOf(close, from);
    if (end < 0) throw unclosed(close, this.#line);
    const text = this.#text.slice(from, end);
    this.#pass(end + close.length);
    return text;
  }

  #pass(end: number): void {
    for (let at = this.#text.indexOf('\n', this.#at); at >= 0 && at < end; at = this.#text.indexOf('\n', at + 1)) {
      this.#line++;
    }
    this.#at = end;
  }

  #doubleQuoted(parts: Part[]): void {
    const line = this.#line;
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: true });
      text = '';
    };
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw unclosed('"', line);
      if (character === '"') {
        this.#at++;
        // An empty quoted word is an argument all the same.
        if (text === '') parts.push({ kind: 'text', text: '', quoted: true });
        flush();
        return;
      }
      if (character === '\\' && /[$`"\\\n]/.test(this.#text[this.#at + 1] ?? '')) {
        if (this.#text[this.#at + 1] === '\n') this.#line++;
        else text += this.#text[this.#at + 1];
        this.#at += 2;
      } else if (character === '$' || character === '`') {
        flush();
        parts.push(this.#expansion(true));
      } else {
        if (character === '\n') this.#line++;
        text += character;
        this.#at++;
      }
    }
  }

  #ansiQuoted(): string {
    const line = this.#line;
    let text = '';
    for (let at = this.#at + 2; at < this.#text.length; at++) {
      const character = this.#text[at]!;
      if (character === "'") {
        this.#pass(at + 1);
        return text;
      }
      if (character === '\\')
        text += ({ n: '\n', t: '\t' } as Record<string, string>)[this.#text[++at]!] ?? this.#text[at];
      else text += character;
    }
    throw unclosed("$'", line);
  }

  /** At `$`, a backtick or a process substitution. */
  #expansion(quoted: boolean): Part {
    const start = this.#at;
    if (this.#peek('${')) {
      this.#pass(this.#closing(endOfSubstitution(this.#text, start + 1, quoted), '${'));
      return this.#braced(this.#text.slice(start, this.#at), quoted);
    }
    if (!this.#peek('`') && this.#text[start + 1] === '(') {
      this.#pass(this.#closing(endOfSubstitution(this.#text, start + 1, false), '$('));
      return { kind: 'opaque', source: this.#text.slice(start, this.#at), quoted };
    }
    if (this.#peek('`')) {
      this.#pass(this.#closing(endOfBackticks(this.#text, start), '`'));
      return { kind: 'opaque', source: this.#text.slice(start, this.#at), quoted };
    }
    const match = this.#match(VARIABLE);
    if (match)
      return { kind: 'variable', name: match[1] ?? match[2]!, source: match[0], quoted, items: match[2] === '@' };
    this.#at++;
    return { kind: 'text', text: '$', quoted };
  }

  #closing(end: number | undefined, opened: string): number {
    if (end === undefined) throw unclosed(opened, this.#line);
    return end;
  }

  #braced(source: string, quoted: boolean): Part {
    const match = BRACED.exec(source.slice(2, -1));
    // Lengths, cuts and replacements within ${...} are not followed.
    if (!match || this.#depth >= DEEPEST) return { kind: 'opaque', source, quoted };
    const [, name = '', all, operator, operand] = match;
    const variable = { kind: 'variable', name, source, quoted, items: all !== undefined || name === '@' } as const;
    if (operator === undefined) return variable;
    const lexer = new ShellLexer(operand ?? '', this.#line, this.#depth + 1);
    return { ...variable, operator, operand: lexer.#operand(quoted) };
  }

  /** All of the text as the parts of one word: blanks and operators are text here. */
  #operand(quoted: boolean): Part[] {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!;
      if (ENDS_WORD.has(character)) {
        parts.push({ kind: 'text', text: character, quoted });
        this.#pass(this.#at + 1);
      } else if (quoted && character === "'") {
        parts.push({ kind: 'text', text: character, quoted });
        this.#at++;
      } else this.#part(character, parts, false);
    }
    return parts;
  }
}
