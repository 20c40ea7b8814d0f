/** What the sampled records hold, counted: labels, scores, margins, turns. Advice quotes it. */

import type { TrainingRecord } from '../records.ts';

export interface RecordTally {
  readonly records: number;
  /** Label -> how many records bear it: A, B and tie of comparisons, 0 to 4 of scores. Absent labels are not counted. */
  readonly labels: Readonly<Record<string, number>>;
  /** Pairs that say how much better the chosen response is. */
  readonly margins: number;
  /** Records with more than one turn before the response. */
  readonly multiTurn: number;
}

export function tallyRecords(records: readonly TrainingRecord[]): RecordTally {
  const labels: Record<string, number> = {};
  let margins = 0;
  let multiTurn = 0;
  for (const record of records) {
    const label = labelOf(record);
    if (label !== undefined) labels[label] = (labels[label] ?? 0) + 1;
    if (record.kind === 'preference-pair' && record.margin !== undefined) margins++;
    if (userTurns(record) > 1) multiTurn++;
  }
  return { records: records.length, labels, margins, multiTurn };
}

function labelOf(record: TrainingRecord): string | undefined {
  if (record.kind === 'compared-responses') return record.preferred;
  return record.kind === 'scored-response' ? String(record.score) : undefined;
}

function userTurns(record: TrainingRecord): number {
  const messages = record.kind === 'conversation' ? record.messages : record.prompt;
  return messages.filter((message) => message.role === 'user').length;
}
