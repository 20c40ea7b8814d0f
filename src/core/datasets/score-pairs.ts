/** Pairs and comparisons made of scored responses to one prompt: every two of them, in the order they come. */

import type { Dataset } from './dataset.ts';
import { coin } from './derive.ts';
import type { BoundFormat } from './formats/bound-format.ts';
import { readRecords } from './read-records.ts';
import { completionText, promptKey, type ScoredResponse, type TrainingRecord } from './records.ts';
import { groupOf } from './split.ts';

export interface ScorePairRule {
  readonly method: 'bradley-terry' | 'pairwise';
  /** For pairs: the least difference of two scores that makes one. */
  readonly minMargin: number;
  /** For comparisons: a smaller difference than this is a tie. */
  readonly tieBelow: number;
  readonly seed: number;
}

/** Prompt -> how many scored responses it has in all. Rows without a prompt are alone. */
export type PromptSizes = ReadonlyMap<string, number>;

/** One pass over the dataset; it holds a hash for each prompt. */
export async function countPrompts(dataset: Dataset, format: BoundFormat, signal?: AbortSignal): Promise<PromptSizes> {
  const sizes = new Map<string, number>();
  for await (const { record } of readRecords(dataset, format, { signal })) {
    if (!record) continue;
    const group = groupOf(record);
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  return sizes;
}

export type ScorePair =
  | { readonly record: TrainingRecord; readonly dropped?: never }
  | { readonly dropped: string; readonly record?: never };

/** Takes scored responses one by one and gives their pairs. It holds the responses of a prompt until the last has come. */
export class ScorePairing {
  readonly #rule: ScorePairRule;
  readonly #sizes: PromptSizes;
  readonly #open = new Map<string, { seen: number; responses: ScoredResponse[] }>();

  constructor(rule: ScorePairRule, sizes: PromptSizes) {
    this.#rule = rule;
    this.#sizes = sizes;
  }

  /** The pairs of this response with the earlier ones to its prompt. */
  add(response: ScoredResponse): ScorePair[] {
    const group = groupOf(response);
    const size = this.#sizes.get(group) ?? 1;
    if (response.prompt.length === 0) return [{ dropped: 'no-prompt' }];
    if (size < 2) return [{ dropped: 'only-response' }];
    const open = this.#open.get(group) ?? { seen: 0, responses: [] };
    const pairs = open.responses.map((earlier) => this.#pair(earlier, response));
    open.seen++;
    open.responses.push(response);
    if (open.seen === size) this.#open.delete(group);
    else this.#open.set(group, open);
    return pairs;
  }

  #pair(earlier: ScoredResponse, later: ScoredResponse): ScorePair {
    if (completionText(earlier.response) === completionText(later.response)) return { dropped: 'identical-pair' };
    return this.#rule.method === 'bradley-terry'
      ? pairOf(earlier, later, this.#rule.minMargin)
      : { record: comparisonOf(earlier, later, this.#rule) };
  }
}

/** The difference of the scores is the margin. */
function pairOf(earlier: ScoredResponse, later: ScoredResponse, minMargin: number): ScorePair {
  const margin = Math.abs(earlier.score - later.score);
  if (margin < minMargin) return { dropped: 'margin-too-small' };
  const [better, worse] = earlier.score > later.score ? [earlier, later] : [later, earlier];
  return {
    record: {
      kind: 'preference-pair',
      prompt: earlier.prompt,
      chosen: better.response,
      rejected: worse.response,
      margin,
    },
  };
}

/** Strength 0 for a tie, 1 for a difference of up to 1, else 2. Which response is A is by a seeded hash of the two. */
function comparisonOf(earlier: ScoredResponse, later: ScoredResponse, rule: ScorePairRule): TrainingRecord {
  const [first, second] =
    completionText(earlier.response) < completionText(later.response) ? [earlier, later] : [later, earlier];
  const texts = [promptKey(first.prompt), completionText(first.response), completionText(second.response)];
  const [a, b] = coin(texts, rule.seed) ? [first, second] : [second, first];
  const difference = Math.abs(a.score - b.score);
  const tie = difference === 0 || difference < rule.tieBelow;
  return {
    kind: 'compared-responses',
    prompt: earlier.prompt,
    responseA: a.response,
    responseB: b.response,
    preferred: tie ? 'tie' : a.score > b.score ? 'A' : 'B',
    strength: tie ? 0 : difference <= 1 ? 1 : 2,
  };
}
