/** Opens the files that requested checks are given, for as long as the checks run. */

import type { CheckInputs } from './check-inputs.ts';
import type { CheckOptions } from './checks/check-dataset.ts';
import { loadTokenizer } from './checks/load-tokenizer.ts';
import type { Dataset } from './dataset.ts';
import { openDataset } from './open.ts';

type Opened = Pick<CheckOptions, 'against' | 'benchmark' | 'truncation' | 'textChecks'>;

const DEFAULT_TOKENIZER = 'words';

/** @throws StudioError of openDataset and loadTokenizer, and those of `use` */
export async function withCheckInputs<T>(
  inputs: CheckInputs,
  signal: AbortSignal | undefined,
  use: (options: Opened) => Promise<T>,
): Promise<T> {
  const { nearDuplicates = false, truncation } = inputs;
  const opened: Dataset[] = [];
  const open = async (file: string | undefined) => {
    if (file === undefined) return undefined;
    const dataset = await openDataset(file, signal);
    opened.push(dataset);
    return { dataset };
  };
  try {
    return await use({
      against: await open(inputs.against),
      benchmark: await open(inputs.benchmark),
      truncation: truncation && {
        maxLength: truncation.maxLength,
        tokenizer: await loadTokenizer(truncation.tokenizer ?? DEFAULT_TOKENIZER),
      },
      textChecks: nearDuplicates ? ['near-duplicates'] : [],
    });
  } finally {
    await Promise.all(opened.map((dataset) => dataset.close()));
  }
}
