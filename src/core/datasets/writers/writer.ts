/** What writes records into one file, whatever its format. */

import type { TrainingRecord } from '../records.ts';

export interface RecordWriter<R = TrainingRecord> {
  write(record: R): Promise<void>;
  /** Writes what is held back; the file itself is finished and committed by its owner. */
  finish(): Promise<void>;
}
