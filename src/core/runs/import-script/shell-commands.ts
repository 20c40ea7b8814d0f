/** The simple commands of a shell script in their order, and which of them stand under a condition. */

import { StudioError } from '../../errors.ts';
import { ShellLexer } from './shell-lexer.ts';
import { type Command, literalText, type Word } from './shell-word.ts';

/** Characters; the longest scripts of known recipes have some thousand. */
const LONGEST_SCRIPT = 256 * 1024;

const OPENING = new Set(['if', 'for', 'while', 'until', 'case', 'select', '{']);
const CLOSING = new Set(['fi', 'done', 'esac', '}']);
const BETWEEN = new Set(['then', 'else', 'elif', 'do', '!', 'time', 'function']);
const TESTS = new Set(['[', '[[', 'test']);

export interface ShellScript {
  readonly commands: readonly Command[];
  /** Lines whose continuation is broken by blanks after the backslash. */
  readonly brokenContinuations: readonly number[];
}

/** @throws StudioError 'unsupported-file' for what is no script, 'invalid-run' for quotes that never close */
export function parseShellScript(text: string): ShellScript {
  if (text.includes('\0')) {
    throw new StudioError('unsupported-file', 'This is not a text file.', { hint: 'Name a shell script (*.sh).' });
  }
  if (text.length > LONGEST_SCRIPT) {
    throw new StudioError(
      'unsupported-file',
      `This file has ${text.length} characters: too many for a launch script.`,
      {
        hint: 'Name the script that starts the training.',
      },
    );
  }
  const lexer = new ShellLexer(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  const reader = new CommandReader();
  for (let token = lexer.next(); token; token = lexer.next()) {
    if (token.kind === 'word') reader.word(token.word);
    else reader.operator(token.text);
  }
  reader.operator('\n');
  return { commands: reader.commands, brokenContinuations: lexer.brokenContinuations };
}

class CommandReader {
  readonly commands: Command[] = [];
  readonly #open: string[] = [];
  #words: Word[] = [];
  /** Set within `[ ... ] && command`, until the list ends. */
  #tested = false;

  word(word: Word): void {
    const text = this.#words.length === 0 && word.items === undefined ? literalText(word) : undefined;
    if (text !== undefined && isUnquoted(word)) {
      if (OPENING.has(text)) this.#open.push(text);
      else if (CLOSING.has(text)) this.#open.pop();
      if (BETWEEN.has(text) || CLOSING.has(text) || text === '{' || CONDITIONED.has(text)) return;
    }
    this.#words.push(word);
  }

  operator(text: string): void {
    if (text === ')' && this.#open.at(-1) === 'case') {
      // A pattern of `case`, not a command.
      this.#words = [];
      return;
    }
    if (text === '(') {
      // `name ()` begins a function; elsewhere a subshell begins.
      this.#words = [];
      return;
    }
    const first = this.#words[0];
    if (first) {
      const conditional = this.#tested || this.#open.length > 0;
      this.commands.push({ words: this.#words, line: first.line, conditional });
      if (text === '&&' || text === '||') this.#tested ||= TESTS.has(literalText(first) ?? '');
    }
    if (text !== '&&' && text !== '||') this.#tested = false;
    this.#words = [];
  }
}

/** Openings that are followed by a command of their own: `if [ ... ]`, `while read x`. */
const CONDITIONED = new Set(['if', 'while', 'until']);

const isUnquoted = (word: Word): boolean => word.parts.every((part) => part.kind === 'text' && !part.quoted);
