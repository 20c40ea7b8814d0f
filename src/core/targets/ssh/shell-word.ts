/** Words for a POSIX shell. SSH hands the other side one line, which its shell takes apart: so each word is quoted whole. */

import { StudioError } from '../../errors.ts';

/** Between single quotes a shell reads nothing but the next single quote (POSIX, Shell Command Language, 2.2.2). */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new StudioError('usage', 'A word with a zero byte cannot be sent to another machine.');
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A program may lie in the home folder there, which only that shell knows. */
const quoteProgram = (program: string): string =>
  program.startsWith('~/') ? `"$HOME"/${quoteWord(program.slice(2))}` : quoteWord(program);

/** A simple command; it takes the place of the shell. */
export function quoteCommand(words: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const variables = Object.entries(env).map(([name, value]) => quoteWord(`${name}=${value}`));
  const [program = '', ...args] = words;
  return ['exec', 'env', ...variables, quoteProgram(program), ...args.map(quoteWord)].join(' ');
}
