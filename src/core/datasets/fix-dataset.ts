/** Does the fix that a check offers, into a new file: the source is never changed. */

import { StudioError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import type { CheckInputs } from './check-inputs.ts';
import { runChecks } from './checks/check-dataset.ts';
import { applyFix, type Fix } from './checks/fix.ts';
import type { ConvertProgress } from './convert-options.ts';
import { openDataset } from './open.ts';
import { withCheckInputs } from './open-check-inputs.ts';
import { readRecords } from './read-records.ts';
import { chooseFormat, recognise } from './recognise.ts';
import { OutputFile, refuseExisting } from './writers/output-file.ts';
import { recordWriter } from './writers/record-writer.ts';

const PROGRESS_ROWS = 2_000;

export interface FixOptions {
  /** A file, a folder or a glob of shards. */
  readonly input: string;
  readonly method: MethodId;
  /** The finding whose fix is done. */
  readonly findingId: string;
  /** What the checks were given that found it. */
  readonly inputs?: CheckInputs | undefined;
  /** The new Parquet file; it must not exist. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
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
export async function fixDataset(options: FixOptions): Promise<FixReport> {
  const { input, method, findingId, inputs = {}, output, signal } = options;
  await refuseExisting(output);
  const dataset = await openDataset(input, signal);
  try {
    const totalRows = dataset.rowCount;
    const tell = (phase: ConvertProgress['phase'], rows: number) => options.onProgress?.({ phase, rows, totalRows });
    const run = await withCheckInputs(inputs, signal, (opened) =>
      runChecks(dataset, method, {
        ...opened,
        signal,
        onProgress: (progress) => tell('reading', (progress.rows / Math.max(1, progress.totalRows)) * totalRows),
      }),
    );
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
      let told = 0;
      for await (const { row, record } of readRecords(dataset, format, { signal })) {
        if (row >= told) {
          tell('writing', row);
          told = row + PROGRESS_ROWS;
        }
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
