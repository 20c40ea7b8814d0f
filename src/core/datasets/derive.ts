/** Records of one kind made from another, where that is natural and keeps the meaning. */

import { createHash } from 'node:crypto';
import type { MethodId } from '../methods/method.ts';
import {
  type ComparedResponses,
  completionText,
  type PreferencePair,
  promptKey,
  type TrainingRecord,
} from './records.ts';

/** For each method, the methods whose records it can be made from. */
export const DERIVED_FROM: Readonly<Record<MethodId, readonly MethodId[]>> = {
  'bradley-terry': ['pairwise'],
  pointwise: [],
  pairwise: ['bradley-terry'],
  sft: ['bradley-terry'],
};

export type Derived =
  | { readonly record: TrainingRecord; readonly dropped?: never }
  | { readonly dropped: string; readonly record?: never };

/**
 * @param method what the record is wanted for
 * @param seed decides which of two responses comes first, where the source does not say
 */
export function deriveRecord(record: TrainingRecord, method: MethodId, seed: number): Derived {
  if (method === 'bradley-terry' && record.kind === 'compared-responses') return pairOf(record);
  if (method === 'pairwise' && record.kind === 'preference-pair') return { record: comparisonOf(record, seed) };
  if (method === 'sft' && record.kind === 'preference-pair') {
    return { record: { kind: 'conversation', messages: [...record.prompt, ...record.chosen] } };
  }
  return { record };
}

/** The better response is chosen; a tie, a blank response and two equal ones give no pair. The strength becomes the margin. */
function pairOf(record: ComparedResponses): Derived {
  if (record.preferred === 'tie') return { dropped: 'tie' };
  const first = record.preferred === 'A';
  const chosen = first ? record.responseA : record.responseB;
  const rejected = first ? record.responseB : record.responseA;
  const texts = [completionText(chosen), completionText(rejected)];
  if (texts.some((text) => text.trim() === '')) return { dropped: 'empty-value' };
  if (texts[0] === texts[1]) return { dropped: 'identical-pair' };
  const margin = record.strength !== undefined && record.strength > 0 ? { margin: record.strength } : {};
  return { record: { kind: 'preference-pair', prompt: record.prompt, chosen, rejected, ...margin } };
}

/** The chosen response is A for about half of the pairs, by a hash of the pair and the seed: position says nothing. */
function comparisonOf(record: PreferencePair, seed: number): ComparedResponses {
  const texts = [promptKey(record.prompt), completionText(record.chosen), completionText(record.rejected)];
  const digest = createHash('sha256')
    .update(`${seed}:${texts.join('\u0001')}`, 'utf8')
    .digest();
  const chosenFirst = (digest[0]! & 1) === 0;
  return {
    kind: 'compared-responses',
    prompt: record.prompt,
    responseA: chosenFirst ? record.chosen : record.rejected,
    responseB: chosenFirst ? record.rejected : record.chosen,
    preferred: chosenFirst ? 'A' : 'B',
  };
}
