/** Builds the example datasets: graded responses (examples/source) become one train and one test file for each method. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingRecord } from '../../src/core/datasets/records.ts';
import { assignSplit, groupOf, type SplitShares } from '../../src/core/datasets/split.ts';
import { OutputFile } from '../../src/core/datasets/writers/output-file.ts';
import { recordWriter } from '../../src/core/datasets/writers/record-writer.ts';
import { METHOD_IDS, type MethodId } from '../../src/core/methods/method.ts';
import { comparisons, conversations, pairs, scored } from './derive.ts';
import { type GradedPrompt, readGradedPrompts } from './graded-prompts.ts';

const SHARES: SplitShares = { train: 0.8, test: 0.2 };
const SEED = 42;

const DERIVE: Readonly<Record<MethodId, (prompts: readonly GradedPrompt[]) => TrainingRecord[]>> = {
  'bradley-terry': pairs,
  pointwise: scored,
  pairwise: comparisons,
  sft: conversations,
};

const examples = path.resolve('examples');
const prompts = await readGradedPrompts(path.join(examples, 'source'));
// Prompts are split, not rows, so that the four methods have the same prompts on each side.
const groups = prompts.map(({ prompt }) => groupOf({ kind: 'preference-pair', prompt, chosen: [], rejected: [] }));
const parts = assignSplit(groups, SHARES, SEED);

for (const method of METHOD_IDS) {
  const folder = path.join(examples, method);
  await mkdir(folder, { recursive: true });
  for (const part of Object.keys(SHARES)) {
    const records = DERIVE[method](prompts.filter((_, index) => parts[index] === part));
    await write(path.join(folder, `${part}.parquet`), method, records);
    console.log(`${method}/${part}.parquet: ${records.length} rows`);
  }
}

async function write(target: string, method: MethodId, records: readonly TrainingRecord[]): Promise<void> {
  const file = await OutputFile.create(target, true);
  try {
    const writer = recordWriter(file, 'parquet', method);
    for (const record of records) await writer.write(record);
    await writer.finish();
    await file.finish();
    await file.commit();
  } finally {
    await file.discard();
  }
}
