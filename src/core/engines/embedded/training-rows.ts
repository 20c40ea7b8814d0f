/** From canonical records to rows of features: what is usable, and what its label is. */

import {
  type ComparedResponses,
  completionText,
  type PreferencePair,
  promptKey,
  type RowRecord,
  type ScoredResponse,
} from '../../datasets/records.ts';
import { StudioError } from '../../errors.ts';
import type { DesignRow } from './design.ts';
import type { FeatureExtractor, PromptFacts } from './features.ts';
import type { EmbeddedMethod } from './model.ts';
import { PREFERENCES } from './three-way-loss.ts';

export type EmbeddedRecord = PreferencePair | ScoredResponse | ComparedResponses;
export type EmbeddedRow = RowRecord<EmbeddedRecord>;

const KINDS: Readonly<Record<EmbeddedMethod, EmbeddedRecord['kind']>> = {
  'bradley-terry': 'preference-pair',
  pointwise: 'scored-response',
  pairwise: 'compared-responses',
};

/** The records of the kind that `method` trains on; any other kind is an 'invalid-row'. */
export function rowsOfMethod(method: EmbeddedMethod, rows: readonly RowRecord[], file: string): EmbeddedRow[] {
  return rows.map((row) => {
    if (row.record.kind === KINDS[method]) return row as EmbeddedRow;
    throw new StudioError(
      'invalid-row',
      `This row is a ${row.record.kind}, but ${method} trains on ${KINDS[method]}s.`,
      {
        where: { file, row: row.row },
        hint: 'Convert the dataset for this method first.',
      },
    );
  });
}

/** Whether a row can teach anything: the two responses of a pair must differ (identical ones may be called a tie). */
export function isUsable({ record }: EmbeddedRow): boolean {
  if (record.kind === 'preference-pair') return completionText(record.chosen) !== completionText(record.rejected);
  if (record.kind === 'compared-responses' && record.preferred !== 'tie')
    return completionText(record.responseA) !== completionText(record.responseB);
  return true;
}

/** Score 0-4 (pointwise), 0 = A, 1 = B, 2 = tie (pairwise), or 0 (Bradley-Terry, which has no label). */
export function labelOf(record: EmbeddedRecord): number {
  if (record.kind === 'scored-response') return record.score;
  return record.kind === 'compared-responses' ? PREFERENCES.indexOf(record.preferred) : 0;
}

/** Extracts the features of all rows; `pause` is awaited between rows. A prompt that comes again is read once. */
export async function featureRows(
  rows: readonly EmbeddedRow[],
  extractor: FeatureExtractor,
  pause: () => Promise<void> | undefined,
): Promise<DesignRow[]> {
  const result: DesignRow[] = [];
  let key: string | undefined;
  let facts: PromptFacts | undefined;
  for (const { record } of rows) {
    await pause();
    const next = promptKey(record.prompt);
    if (facts === undefined || next !== key) facts = extractor.prompt(record.prompt);
    key = next;
    result.push(rowOf(record, facts, extractor));
  }
  return result;
}

function rowOf(record: EmbeddedRecord, prompt: PromptFacts, extractor: FeatureExtractor): DesignRow {
  const label = labelOf(record);
  if (record.kind === 'scored-response') return { plus: extractor.response(prompt, record.response), label };
  const [plus, minus] =
    record.kind === 'preference-pair' ? [record.chosen, record.rejected] : [record.responseA, record.responseB];
  return { plus: extractor.response(prompt, plus), minus: extractor.response(prompt, minus), label };
}
