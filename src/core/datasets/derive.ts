/** Records of one kind made from another, where that is natural and keeps the meaning. */

import { createHash } from 'node:crypto';
import type { MethodId } from '../methods/method.ts';
import {
  type ComparedResponses,
  completionText,
  type PreferencePair,
  promptKey,
  type ScoredResponse,
  type TrainingRecord,
} from './records.ts';

/** For each method, the methods whose records it can be made from. Of scores, `score-pairs.ts` makes what compares. */
export const DERIVED_FROM: Readonly<Record<MethodId, readonly MethodId[]>> = {
  'bradley-terry': ['pairwise', 'pointwise'],
  pointwise: [],
  pairwise: ['bradley-terry', 'pointwise'],
  sft: ['bradley-terry'],
};

/** The methods whose records give scores, once a person says which the two sides stand for. */
export const SCORED_BY_SIDE: readonly MethodId[] = ['bradley-terry', 'pairwise'];

/** The scores that the two sides of a pair stand for, where a person says so: a pair itself does not. */
export interface PairScores {
  readonly chosen: number;
  readonly rejected: number;
}

export interface DeriveRule {
  readonly method: MethodId;
  /** Decides which of two responses comes first, where the source does not say. */
  readonly seed: number;
  readonly pairScores?: PairScores | undefined;
}

export type Derived =
  | { readonly records: readonly TrainingRecord[]; readonly dropped?: never }
  | { readonly dropped: string; readonly records?: never };

/** What one record gives for a method. */
export function deriveRecord(record: TrainingRecord, { method, seed, pairScores }: DeriveRule): Derived {
  if (record.kind === 'compared-responses' && (method === 'bradley-terry' || method === 'pointwise')) {
    const pair = pairOf(record);
    return 'dropped' in pair || method === 'bradley-terry'
      ? pair
      : deriveRecord(pair.records[0], { method, seed, pairScores });
  }
  if (record.kind !== 'preference-pair') return { records: [record] };
  if (method === 'pairwise') return { records: [comparisonOf(record, seed)] };
  if (method === 'sft') return { records: [{ kind: 'conversation', messages: [...record.prompt, ...record.chosen] }] };
  if (method === 'pointwise' && pairScores !== undefined) return { records: scoresOf(record, pairScores) };
  return { records: [record] };
}

/** The better response is chosen; a tie, a blank response and two equal ones give no pair. The strength becomes the margin. */
function pairOf(record: ComparedResponses): { records: readonly [PreferencePair] } | { dropped: string } {
  if (record.preferred === 'tie') return { dropped: 'tie' };
  const first = record.preferred === 'A';
  const chosen = first ? record.responseA : record.responseB;
  const rejected = first ? record.responseB : record.responseA;
  const texts = [completionText(chosen), completionText(rejected)];
  if (texts.some((text) => text.trim() === '')) return { dropped: 'empty-value' };
  if (texts[0] === texts[1]) return { dropped: 'identical-pair' };
  const margin = record.strength !== undefined && record.strength > 0 ? { margin: record.strength } : {};
  return { records: [{ kind: 'preference-pair', prompt: record.prompt, chosen, rejected, ...margin }] };
}

/** The chosen response is A for about half of the pairs, by a hash of the pair and the seed: position says nothing. */
function comparisonOf(record: PreferencePair, seed: number): ComparedResponses {
  const texts = [promptKey(record.prompt), completionText(record.chosen), completionText(record.rejected)];
  const chosenFirst = coin(texts, seed);
  return {
    kind: 'compared-responses',
    prompt: record.prompt,
    responseA: chosenFirst ? record.chosen : record.rejected,
    responseB: chosenFirst ? record.rejected : record.chosen,
    preferred: chosenFirst ? 'A' : 'B',
  };
}

function scoresOf({ prompt, chosen, rejected }: PreferencePair, scores: PairScores): ScoredResponse[] {
  return [
    { kind: 'scored-response', prompt, response: chosen, score: scores.chosen },
    { kind: 'scored-response', prompt, response: rejected, score: scores.rejected },
  ];
}

/** Heads or tails, by the texts and the seed alone. */
export function coin(texts: readonly string[], seed: number): boolean {
  const digest = createHash('sha256')
    .update(`${seed}:${texts.join('\u0001')}`, 'utf8')
    .digest();
  return (digest[0]! & 1) === 0;
}

/** The same comparison with its responses in each other's place. */
export function swapped(record: ComparedResponses): ComparedResponses {
  const preferred = record.preferred === 'tie' ? 'tie' : record.preferred === 'A' ? 'B' : 'A';
  return { ...record, responseA: record.responseB, responseB: record.responseA, preferred };
}
