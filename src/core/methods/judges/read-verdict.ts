/**
 * Reads the verdict from what a judge wrote: whole words inside its tags, never letters inside of words. The rules and
 * words are data (`verdicts.json`), which Python reads too; both languages run the fixture of the contract.
 */

import type { Preference } from '../../datasets/records.ts';
import verdicts from './verdicts.json' with { type: 'json' };

export type JudgeMethod = 'pointwise' | 'pairwise';
/** A score from 0 to 4 (pointwise), or A, B, tie (pairwise). */
export type Verdict = number | Preference;

const { reasoning_tags: reasoningTags, marks, methods } = verdicts;
const REASONING = new RegExp(`<(${reasoningTags.join('|')})>[\\s\\S]*?</\\1>`, 'gi');
const OPEN_REASONING = new RegExp(`<(?:${reasoningTags.join('|')})>`, 'i');
const END_OF_REASONING = new RegExp(`</(?:${reasoningTags.join('|')})>`, 'gi');
/** What the records take for white space, in both languages. */
const WHITE = /[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;

/**
 * Undefined where there is no verdict, or two that differ. Blocks of reasoning are passed over; where the chat template
 * opened the block, the text has its end alone: what stands before that is reasoning too.
 */
export function readVerdict(text: string, method: JudgeMethod): Verdict | undefined {
  const withoutBlocks = text.replace(REASONING, '');
  const end = [...withoutBlocks.matchAll(END_OF_REASONING)].at(-1);
  const answer = end === undefined ? withoutBlocks : withoutBlocks.slice(end.index + end[0].length);
  if (OPEN_REASONING.test(answer)) return undefined;
  const { tags, words } = methods[method];
  const tag = new RegExp(`<(${tags.join('|')})>([\\s\\S]*?)</\\1>`, 'gi');
  const said = new Set([...answer.matchAll(tag)].map((match) => meaningOf(match[2] ?? '', words)));
  return said.size === 1 ? [...said][0] : undefined;
}

function meaningOf(text: string, words: object): Verdict | undefined {
  const plain = squeeze(stripMarks(squeeze(text.toLowerCase())));
  return Object.hasOwn(words, plain) ? (words as Record<string, Verdict>)[plain] : undefined;
}

const squeeze = (text: string): string => text.replace(WHITE, ' ').replace(/^ +| +$/g, '');

function stripMarks(text: string): string {
  const isMark = (at: number) => text[at] === ' ' || marks.includes(text[at] ?? '');
  let start = 0;
  let end = text.length;
  while (start < end && isMark(start)) start += 1;
  while (end > start && isMark(end - 1)) end -= 1;
  return text.slice(start, end);
}
