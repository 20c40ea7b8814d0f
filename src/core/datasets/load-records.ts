/** All usable records of a dataset for one method, in memory, with a count of the rows that could not be used. */

import { StudioError } from '../errors.ts';
import type { Method } from '../methods/method.ts';
import { openDataset } from './open.ts';
import { readRecords } from './read-records.ts';
import { chooseFormat, recognise } from './recognise.ts';
import type { RowRecord, TrainingRecord } from './records.ts';

export interface LoadedRecords {
  readonly records: readonly RowRecord<TrainingRecord>[];
  readonly problems: { readonly count: number; readonly first: string | undefined };
}

export interface LoadOptions {
  readonly map?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Single bad rows are counted; malformed lines of a JSONL file count among them.
 * @throws StudioError 'no-rows' for an empty dataset, 'missing-column' or 'unrecognised-shape' where the rows fit no shape of the method
 */
export async function loadRecords(file: string, method: Method, options: LoadOptions = {}): Promise<LoadedRecords> {
  const dataset = await openDataset(file, options.signal);
  try {
    const recognition = await recognise(dataset, { method: method.id, ...options });
    const records: RowRecord<TrainingRecord>[] = [];
    const [malformed] = dataset.malformed.first;
    let count = dataset.malformed.count;
    let first = malformed && `line ${malformed.line}: ${malformed.message}`;
    for await (const { row, record, problem } of readRecords(dataset, chooseFormat(recognition, method.id), options)) {
      if (record) {
        records.push({ row, record });
        continue;
      }
      count++;
      first ??= `row ${row}, field "${problem.field}": ${problem.message}`;
    }
    if (records.length === 0) {
      throw new StudioError('no-rows', `None of the ${dataset.rowCount} rows can be used.`, {
        where: { file },
        hint: `The first problem: ${first}.`,
      });
    }
    return { records, problems: { count, first } };
  } finally {
    await dataset.close();
  }
}
