/** Does the fix that a check offers, into a new file: the source is never changed. */

import { StudioError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import { runChecks } from './checks/check-dataset.ts';
import { applyFix, type Fix } from './checks/fix.ts';
import { openDataset } from './open.ts';
import { readRecords } from './read-records.ts';
import { chooseFormat, recognise } from './recognise.ts';
import { OutputFile, refuseExisting } from './writers/output-file.ts';
import { recordWriter } from './writers/record-writer.ts';

export interface FixOptions {
  /** A file, a folder or a glob of shards. */
  readonly input: string;
  readonly method: MethodId;
  /** The finding whose fix is done. */
  readonly findingId: string;
  /** The new Parquet file; it must not exist. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
}

export interface FixReport {
  readonly file: string;
  readonly fix: Fix;
  /** Records written. */
  readonly records: number;
}

/**
 * Checks the dataset anew, so that the rows fixed are those of the file as it is now.
 * @throws StudioError 'not-available' where the finding is gone or has no safe fix; 'already-exists'; those of `runChecks`
 */
export async function fixDataset({ input, method, findingId, output, signal }: FixOptions): Promise<FixReport> {
  await refuseExisting(output);
  const dataset = await openDataset(input, signal);
  try {
    const run = await runChecks(dataset, method, { signal });
    const fix = run.report.findings.find(({ id }) => id === findingId)?.fix;
    if (!fix) {
      throw new StudioError('not-available', 'There is nothing left to fix here.', {
        where: { file: input },
        hint: 'Run the checks again.',
      });
    }
    const map = fix.kind === 'map-labels' ? fix.map : undefined;
    const format = chooseFormat(await recognise(dataset, { method, map, signal }), method);
    const rows = run.rowsOf(findingId);
    const file = await OutputFile.create(output, false);
    let records = 0;
    try {
      const writer = recordWriter(file, 'parquet', method);
      for await (const { row, record } of readRecords(dataset, format, { signal })) {
        const fixed = record && applyFix(fix, rows, { row, record });
        if (!fixed) continue;
        await writer.write(fixed);
        records += 1;
      }
      await writer.finish();
      await file.finish();
      signal?.throwIfAborted();
      await file.commit();
    } finally {
      await file.discard();
    }
    return { file: output, fix, records };
  } finally {
    await dataset.close();
  }
}
