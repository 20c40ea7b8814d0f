/** Conditions on one text: a part of it, a whole word, a pattern. */

import type { Parameters } from './identifiers.ts';
import type { TextCondition } from './string-leaves.ts';

export interface TextMatch {
  readonly text: string;
  readonly caseSensitive?: boolean | undefined;
  readonly wholeWord?: boolean | undefined;
  /** `text` is a regular expression in RE2's syntax. */
  readonly regex?: boolean | undefined;
  readonly atStart?: boolean | undefined;
}

/**
 * Letter case is left out by RE2's case folding: it is several times as fast here as lower-casing every text or ILIKE.
 * A point matches line breaks too, as texts have many lines.
 */
export function textCondition(match: TextMatch, parameters: Parameters): TextCondition {
  const { text, caseSensitive = false, wholeWord = false, regex = false, atStart = false } = match;
  const plain = !regex && !wholeWord;
  if (plain && (caseSensitive || !hasCase(text))) {
    const bound = parameters.add(text);
    return atStart ? (value) => `starts_with(${value}, ${bound})` : (value) => `contains(${value}, ${bound})`;
  }
  const pattern = regex ? text : escaped(text);
  const whole = wholeWord ? `(?:^|[^\\p{L}\\p{N}_])(?:${pattern})(?:$|[^\\p{L}\\p{N}_])` : pattern;
  const bound = parameters.add(atStart ? `\\A${whole}` : whole);
  const options = caseSensitive ? "'s'" : "'si'";
  return (value) => `regexp_matches(${value}, ${bound}, ${options})`;
}

const hasCase = (text: string) => text.toLowerCase() !== text || text.toUpperCase() !== text;

const escaped = (text: string) => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&').replaceAll('\0', '\\x00');
