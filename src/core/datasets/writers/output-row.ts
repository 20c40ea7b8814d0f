/** The columns of our own training files: one layout for each method, in Parquet and JSONL alike. */

import type { MethodId } from '../../methods/method.ts';
import type { Message, TrainingRecord } from '../records.ts';

export type OutputType = 'messages' | 'int' | 'double' | 'string';

export interface OutputColumn {
  readonly name: string;
  readonly type: OutputType;
}

export const OUTPUT_COLUMNS: Readonly<Record<MethodId, readonly OutputColumn[]>> = {
  'bradley-terry': [
    { name: 'prompt', type: 'messages' },
    { name: 'chosen', type: 'messages' },
    { name: 'rejected', type: 'messages' },
    { name: 'margin', type: 'double' },
  ],
  pointwise: [
    { name: 'prompt', type: 'messages' },
    { name: 'response', type: 'messages' },
    { name: 'score', type: 'int' },
  ],
  pairwise: [
    { name: 'prompt', type: 'messages' },
    { name: 'response_a', type: 'messages' },
    { name: 'response_b', type: 'messages' },
    { name: 'preferred', type: 'string' },
    { name: 'strength', type: 'double' },
  ],
  sft: [{ name: 'messages', type: 'messages' }],
};

export type OutputCell = readonly Message[] | string | number | null;

/** The cells of a record, in the order of its method's columns. */
export function outputRow(record: TrainingRecord): OutputCell[] {
  switch (record.kind) {
    case 'preference-pair':
      return [record.prompt, record.chosen, record.rejected, record.margin ?? null];
    case 'scored-response':
      return [record.prompt, record.response, record.score];
    case 'compared-responses':
      return [record.prompt, record.responseA, record.responseB, record.preferred, record.strength ?? null];
    case 'conversation':
      return [record.messages];
  }
}
