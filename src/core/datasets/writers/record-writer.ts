/** What writes records into one file, whatever its format. */

import type { MethodId } from '../../methods/method.ts';
import type { TrainingRecord } from '../records.ts';
import { jsonlRecordWriter } from './jsonl.ts';
import type { OutputFile } from './output-file.ts';
import { parquetRecordWriter } from './parquet.ts';

export interface RecordWriter {
  write(record: TrainingRecord): Promise<void>;
  /** Writes what is held back; the file itself is finished and committed by its owner. */
  finish(): Promise<void>;
}

export const OUTPUT_FORMATS = ['parquet', 'jsonl'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export function recordWriter(file: OutputFile, format: OutputFormat, method: MethodId): RecordWriter {
  return format === 'parquet' ? parquetRecordWriter(file, method) : jsonlRecordWriter(file, method);
}
