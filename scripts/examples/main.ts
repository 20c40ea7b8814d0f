/** Builds the example datasets: graded responses (examples/source) become one Parquet pair of files for each method. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promptKey, type TrainingRecord } from '../../src/core/datasets/records.ts';
import { assignSplit } from '../../src/core/datasets/split.ts';
import { METHOD_IDS, METHODS, type MethodId } from '../../src/core/methods/method.ts';
import { comparisons, conversations, type GradedPrompt, pairs, scored } from './derive.ts';
import { readGradedPrompts } from './graded-prompts.ts';

const SPLIT = { train: 0.8, test: 0.2 };
const SEED = 42;
const DERIVE: Record<MethodId, (prompts: readonly GradedPrompt[]) => TrainingRecord[]> = {
  'bradley-terry': pairs,
  pointwise: scored,
  pairwise: comparisons,
  sft: conversations,
};

const examples = path.resolve('examples');
const prompts = await readGradedPrompts(path.join(examples, 'source'));
void [assignSplit, promptKey, METHODS, METHOD_IDS, mkdir, DERIVE, SPLIT, SEED, prompts];
