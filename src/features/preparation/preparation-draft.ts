/** What a person has chosen so far in "Prepare Training Data". */

import type { ConvertOptions } from '../../core/datasets/convert-options.ts';
import type { PairScores } from '../../core/datasets/derive.ts';
import type { ColumnMap } from '../../core/datasets/formats/binding.ts';
import type { SplitShares } from '../../core/datasets/split.ts';
import type { MethodId } from '../../core/methods/method.ts';
import type { Advice, AdvisedMethod } from '../../core/tasks/dataset-task.ts';

/** Everything that has a sensible default. */
export type PreparationOptions = Pick<
  ConvertOptions,
  | 'format'
  | 'dialect'
  | 'stratify'
  | 'bothOrders'
  | 'minMargin'
  | 'tieBelow'
  | 'dropDuplicates'
  | 'dropContradictions'
  | 'seed'
>;

/** What is asked of the conversion. */
export type PreparationRequest = Omit<ConvertOptions, 'signal' | 'onProgress'>;

export interface PreparationDraft {
  input?: string;
  /** The method that was named before anything was asked. */
  given?: MethodId;
  method?: AdvisedMethod;
  formats: Advice['formats'];
  /** How labels are meant that could mean two things. */
  map?: ColumnMap;
  /** Which scores the two sides of a pair stand for. */
  pairScores?: PairScores;
  split?: SplitShares | undefined;
  outputDir?: string;
  options: PreparationOptions;
}

/** The method's own record of the draft; only steps after the one that sets it ask. */
export function chosen(draft: PreparationDraft): { readonly input: string; readonly method: AdvisedMethod } {
  const { input, method } = draft;
  if (input === undefined || method === undefined) throw new Error('The dataset and the method are chosen first.');
  return { input, method };
}
