/** What a shell script is made of, as far as reading it as data needs: words of parts, and simple commands of words. */

/** A stretch of a word. `quoted` parts are never split into several arguments. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** As it stands in the script, for reports. */
      readonly source: string;
      readonly quoted: boolean;
      /** `${NAME[@]}`: all items of an array, each an argument of its own. */
      readonly items: boolean;
      /** `:-`, `-`, `:=`, `=`, `:+`, `+`, `:?` or `?`, with what follows it. */
      readonly operator?: string;
      readonly operand?: readonly Part[];
    }
  /** `$(...)`, `$((...))`, backticks: only running them would tell. */
  | { readonly kind: 'opaque'; readonly source: string; readonly quoted: boolean };

export interface Word {
  readonly parts: readonly Part[];
  /** Line it starts on, from 1. */
  readonly line: number;
  /** Items of an array literal: `NAME=(a b)`; then `parts` is `NAME=`. */
  readonly items?: readonly Word[];
}

/** A command with its arguments; redirections are left out. */
export interface Command {
  readonly words: readonly Word[];
  readonly line: number;
  /** It stands in a branch, loop or function, or depends on a test: whether it runs is not known. */
  readonly conditional: boolean;
}

/** The text of a word without any expansion in it, or undefined. */
export function literalText(word: Word): string | undefined {
  let text = '';
  for (const part of word.parts) {
    if (part.kind !== 'text') return undefined;
    text += part.text;
  }
  return text;
}
