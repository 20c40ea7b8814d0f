/** What can follow where one types SQL. */

import type { Completions } from '../../../src/core/queries/questions.ts';

const MOST = 12;
const WORD = /[A-Za-z_][\w$]*$/;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/**
 * @param asked whether the list was asked for: then it shows without a letter typed
 * @returns the words, best first, and where the one begins that they would replace
 */
export function completionsAt(
  sql: string,
  caret: number,
  { columns, functions, keywords }: Completions,
  asked = false,
): { readonly words: readonly string[]; readonly from: number } {
  const typed = WORD.exec(sql.slice(0, caret))?.[0] ?? '';
  const from = caret - typed.length;
  if (typed === '' && !asked) return { words: [], from };
  const start = typed.toLowerCase();
  const matching = (words: readonly string[]) =>
    words.filter((word) => word.toLowerCase().startsWith(start) && word.toLowerCase() !== start);
  const named = matching(columns).map((name) => (IDENTIFIER.test(name) ? name : `"${name.replaceAll('"', '""')}"`));
  const words = [
    ...named,
    ...matching(['data']),
    ...matching(keywords),
    ...matching(functions).map((name) => `${name}(`),
  ];
  return { words: [...new Set(words)].slice(0, MOST), from };
}
