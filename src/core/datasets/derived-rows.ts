/** Streams a dataset as records of the method that is wanted, or the reason why a row gives none. */

import type { MethodId } from '../methods/method.ts';
import type { Dataset } from './dataset.ts';
import { deriveRecord, type PairScores } from './derive.ts';
import type { BoundFormat } from './formats/bound-format.ts';
import { readRecords } from './read-records.ts';
import type { TrainingRecord } from './records.ts';
import { type PromptSizes, ScorePairing } from './score-pairs.ts';
import type { Layout } from './writers/dialects/dialect.ts';

/** Records of a dataset, and how records of the wanted method are made of them: the same for every pass. */
export interface RecordSource {
  readonly dataset: Dataset;
  readonly format: BoundFormat;
  readonly method: MethodId;
  readonly layout: Layout;
  readonly seed: number;
  readonly pairScores?: PairScores | undefined;
  /** Where the records are scores and what is wanted compares. */
  readonly scores?: { readonly sizes: PromptSizes; readonly minMargin: number; readonly tieBelow: number } | undefined;
}

export type DerivedRow =
  | { readonly row: number; readonly record: TrainingRecord; readonly dropped?: never }
  | { readonly row: number; readonly dropped: string; readonly record?: never };

const REPORT_EVERY = 1_000;

export async function* derivedRows(
  source: RecordSource,
  signal: AbortSignal | undefined,
  onRow: (row: number) => void,
): AsyncGenerator<DerivedRow> {
  const { dataset, format, layout } = source;
  const derive = deriver(source);
  let reported = 0;
  for await (const { row, record, problem } of readRecords(dataset, format, { signal })) {
    if (row >= reported) {
      signal?.throwIfAborted();
      onRow(row);
      reported = row + REPORT_EVERY;
    }
    if (problem) {
      yield { row, dropped: problem.code };
      continue;
    }
    for (const derived of derive(record)) {
      const unfit = derived.record && layout.unfit?.(derived.record);
      yield unfit === undefined ? { row, ...derived } : { row, dropped: unfit };
    }
  }
  onRow(dataset.rowCount);
}

type One =
  | { readonly record: TrainingRecord; readonly dropped?: never }
  | { readonly dropped: string; readonly record?: never };

function deriver(source: RecordSource): (record: TrainingRecord) => readonly One[] {
  const { method, seed, pairScores, scores } = source;
  if (scores && (method === 'bradley-terry' || method === 'pairwise')) {
    const { minMargin, tieBelow, sizes } = scores;
    const pairing = new ScorePairing({ method, minMargin, tieBelow, seed }, sizes);
    return (record) => (record.kind === 'scored-response' ? pairing.add(record) : []);
  }
  return (record) => {
    const { records, dropped } = deriveRecord(record, { method, seed, pairScores });
    return records ? records.map((derived) => ({ record: derived })) : [{ dropped }];
  };
}
