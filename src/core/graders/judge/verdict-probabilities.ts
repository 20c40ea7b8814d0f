/**
 * How probable each verdict was, from the probabilities of the token that says it: their mean is a finer score than the
 * likeliest whole number. As in G-Eval (Liu et al. 2023, https://arxiv.org/abs/2303.16634, section 2, "Scoring Function"),
 * with probabilities that the model tells in place of samples.
 */

import type { JudgeMethod, Verdict } from '../../methods/judges/read-verdict.ts';
import verdicts from '../../methods/judges/verdicts.json' with { type: 'json' };
import type { TokenChoice } from './chat-model.ts';

export interface VerdictProbability {
  readonly verdict: Verdict;
  readonly probability: number;
}

const CLASSES: Readonly<Record<JudgeMethod, readonly (readonly [verdict: Verdict, words: readonly string[]])[]>> = {
  pointwise: [0, 1, 2, 3, 4].map((score) => [score, [String(score)]] as const),
  // A tokenizer may cut "tie" into pieces: the first of them tells it from the others.
  pairwise: [
    ['A', ['a']],
    ['B', ['b']],
    ['tie', ['tie', 'ti', 't']],
  ],
};
const SAID: Readonly<Record<JudgeMethod, RegExp>> = { pointwise: /\d/, pairwise: /\b(?:a|b|tie)\b/i };
/** Where the tokens that are told hold less than this, they say little of the verdicts. */
const LEAST_MASS = 0.5;

/** Of all verdicts, summing to 1; undefined where the tokens do not tell. */
export function verdictProbabilities(
  tokens: readonly TokenChoice[],
  method: JudgeMethod,
): readonly VerdictProbability[] | undefined {
  const at = positionOfVerdict(tokens.map(({ token }) => token).join(''), method);
  const found = at === undefined ? undefined : tokenAt(tokens, at);
  if (!found) return undefined;
  const { choice, before, after } = found;
  const masses = CLASSES[method].map(([verdict, words]) => {
    const mass = choice.alternatives
      .filter(({ token }) => words.includes(middleOf(token, before, after) ?? ''))
      .reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
    return { verdict, mass };
  });
  const total = masses.reduce((sum, { mass }) => sum + mass, 0);
  if (!(total >= LEAST_MASS)) return undefined;
  return masses.map(({ verdict, mass }) => ({ verdict, probability: mass / total }));
}

/** Of the first character that says the verdict, in the last of its tags: tags before may be part of the reasoning. */
function positionOfVerdict(text: string, method: JudgeMethod): number | undefined {
  const tag = new RegExp(`<(${verdicts.methods[method].tags.join('|')})>([\\s\\S]*?)</\\1>`, 'gi');
  const last = [...text.matchAll(tag)].at(-1);
  const said = last?.[2] === undefined ? null : SAID[method].exec(last[2]);
  if (!last || !said) return undefined;
  return last.index + last[0].indexOf('>') + 1 + said.index;
}

/** The token that holds the character, with what stands around the verdict in it: `>3<` is one token to some. */
function tokenAt(tokens: readonly TokenChoice[], at: number) {
  let start = 0;
  for (const choice of tokens) {
    const end = start + choice.token.length;
    if (at < end) {
      const offset = at - start;
      const length = /^[a-z]+/i.exec(choice.token.slice(offset))?.[0].length ?? 1;
      return { choice, before: choice.token.slice(0, offset), after: choice.token.slice(offset + length) };
    }
    start = end;
  }
  return undefined;
}

function middleOf(token: string, before: string, after: string): string | undefined {
  const [start, end] = [before.trim(), after.trim()];
  const text = token.trim();
  if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end)) return undefined;
  return text
    .slice(start.length, text.length - end.length)
    .trim()
    .toLowerCase();
}
