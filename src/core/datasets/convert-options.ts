/** What `convert` can be asked for, and which requests make no sense together. */

import { StudioError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import type { PairScores } from './derive.ts';
import type { ColumnMap } from './formats/binding.ts';
import type { SplitShares } from './split.ts';
import type { OutputFormat } from './writers/record-writer.ts';

export interface ConvertOptions {
  /** A file, a folder or a glob of shards. */
  readonly input: string;
  readonly method: MethodId;
  readonly outputDir: string;
  readonly format?: OutputFormat | undefined;
  /** Id of a dialect: which trainer's layout is written; our own by default. */
  readonly dialect?: string | undefined;
  /** Without one, all records go into one file `data`. */
  readonly split?: SplitShares | undefined;
  /** Keep the shares of the labels alike in every part. */
  readonly stratify?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly map?: ColumnMap | undefined;
  /** Pairwise: every comparison twice, the second time with its responses swapped; both in one part. */
  readonly bothOrders?: boolean | undefined;
  /** Scores to pairs: the least difference that makes a pair; 1 by default. */
  readonly minMargin?: number | undefined;
  /** Scores to comparisons: a smaller difference is a tie; 1 by default. */
  readonly tieBelow?: number | undefined;
  /** Pairs to scores: which score the two sides stand for. */
  readonly pairScores?: PairScores | undefined;
  readonly dropDuplicates?: boolean | undefined;
  readonly dropContradictions?: boolean | undefined;
  /** Replace files that are already there. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
}

export interface ConvertProgress {
  readonly phase: 'reading' | 'writing';
  readonly rows: number;
  readonly totalRows: number;
}

export const DEFAULT_SEED = 42;
export const DEFAULT_MIN_MARGIN = 1;
export const DEFAULT_TIE_BELOW = 1;

/**
 * Refuses what can be refused before the data is read.
 * @throws StudioError 'usage'
 */
export function checkOptions(options: ConvertOptions): void {
  const { method, stratify, bothOrders, minMargin, tieBelow, pairScores, dropContradictions } = options;
  if (stratify && options.split === undefined) {
    throw refused('--stratify is about a split, and there is none', 'Add --split, or leave it out.');
  }
  if (stratify && method !== 'pointwise' && method !== 'pairwise') {
    throw refused('--stratify needs labels, and these rows have none', 'Leave it out: the split is by prompt.');
  }
  if (bothOrders && method !== 'pairwise') {
    throw refused('--both-orders is about comparisons (A, B or tie)', 'Use it with --to pairwise.');
  }
  if (minMargin !== undefined && method !== 'bradley-terry') {
    throw refused('--min-margin is about pairs made of scores', 'Use it with --to bt.');
  }
  if (tieBelow !== undefined && method !== 'pairwise') {
    throw refused('--tie-below is about comparisons made of scores', 'Use it with --to pairwise.');
  }
  for (const [name, value] of [['--min-margin', minMargin] as const, ['--tie-below', tieBelow] as const]) {
    if (value !== undefined && !(value > 0 && value <= 4)) {
      throw refused(`${name} is ${value}, not above 0 and at most 4`, 'Scores are from 0 to 4.');
    }
  }
  if (pairScores !== undefined && method !== 'pointwise') {
    throw refused('--pair-scores is about scores made of pairs', 'Use it with --to pointwise.');
  }
  if (pairScores !== undefined) checkPairScores(pairScores);
  if (dropContradictions && method === 'sft') {
    throw refused('conversations have no labels that could contradict each other', 'Leave --drop-contradictions out.');
  }
}

function checkPairScores({ chosen, rejected }: PairScores): void {
  const fine = [chosen, rejected].every((score) => Number.isInteger(score) && score >= 0 && score <= 4);
  if (fine && chosen > rejected) return;
  throw refused(
    `--pair-scores has chosen=${chosen},rejected=${rejected}`,
    'Give two whole numbers from 0 to 4, the chosen one higher: chosen=4,rejected=0.',
  );
}

/**
 * Refuses what only the recognised rows tell.
 * @param source the method whose records the rows hold
 * @throws StudioError 'usage'
 */
export function checkSource(options: ConvertOptions, source: MethodId): void {
  const scores = source === 'pointwise';
  if (options.minMargin !== undefined && !scores) {
    throw refused('--min-margin is about scores, and the rows are already judged against each other', 'Leave it out.');
  }
  if (options.tieBelow !== undefined && !scores) {
    throw refused('--tie-below is about scores, and the rows are already judged against each other', 'Leave it out.');
  }
  if (options.pairScores !== undefined && scores) {
    throw refused('--pair-scores is about pairs, and the rows have scores of their own', 'Leave it out.');
  }
}

/** Why pairs and comparisons give no scores by themselves. */
export function noScoresInPairs(file: string): StudioError {
  return new StudioError(
    'usage',
    'The rows compare responses, which does not say how good each of them is: no scores from 0 to 4 can be made of them.',
    {
      where: { file },
      hint: 'If in your data the two sides do stand for scores, say which: --pair-scores chosen=4,rejected=0. Else train Bradley-Terry or pairwise.',
    },
  );
}

function refused(what: string, hint: string): StudioError {
  return new StudioError('usage', `${what[0]!.toUpperCase()}${what.slice(1)}.`, { hint });
}
