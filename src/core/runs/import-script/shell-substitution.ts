/** Where `$(...)`, `${...}` and backticks end, whatever is quoted and nested within. No recursion: nesting may be deep. */

import { StudioError } from '../../errors.ts';

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}', '"': '"', '`': '`' };

/**
 * @param start index of the opening `(` or `{`
 * @param quoted whether it stands between double quotes, where `'` in `${...}` is a plain character
 * @returns the index after its end, or undefined where it never ends
 */
export function endOfSubstitution(text: string, start: number, quoted: boolean): number | undefined {
  const open = [{ character: text[start]!, quoted: quoted && text[start] === '{' }];
  const push = (character: string) =>
    open.push({ character, quoted: character === '"' || (character === '{' && open.at(-1)!.quoted) });
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    const innermost = open.at(-1)!;
    if (character === '\\') at++;
    else if (character === CLOSING[innermost.character]) {
      open.pop();
      if (open.length === 0) return at + 1;
    } else if (character === "'" && !innermost.quoted) {
      at = text.indexOf("'", at + 1);
      if (at < 0) return undefined;
    } else if (character === '"' || character === '`') push(character);
    else if (character === '$' && (text[at + 1] === '(' || text[at + 1] === '{')) push(text[++at]!);
    else if (character === '(' && innermost.character === '(') push(character);
  }
  return undefined;
}

/** @param start index of the opening backtick */
export function endOfBackticks(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at + 1;
  }
  return undefined;
}

export const unclosed = (opened: string, line: number): StudioError =>
  new StudioError('invalid-run', `The ${opened} that is opened here is never closed.`, {
    where: { line },
    hint: 'Correct the script: a shell would not read it either.',
  });
