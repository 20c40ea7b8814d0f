/** Checks a dataset for one method: what is wrong with it, how much, in which rows, and what to do. */

import type { MethodId } from '../../methods/method.ts';
import type { Dataset } from '../dataset.ts';
import type { ColumnMap } from '../formats/binding.ts';
import { chooseFormat, recognise } from '../recognise.ts';
import type { CheckContext } from './check.ts';
import { Pace } from './pace.ts';
import { rangeWorker, readRanges } from './range-threads.ts';
import { planChecks, type TextChecks } from './registry.ts';
import { type CheckReport, type CheckRun, reportOf } from './report.ts';
import { RowPass } from './row-pass.ts';
import type { RangeResult } from './row-range.ts';
import { canBeJoined, rowRanges } from './row-ranges.ts';

export type { CheckProgress, Finding, Severity } from './check.ts';
export type { NotRun } from './registry.ts';
export type { CheckReport, CheckRun } from './report.ts';

export interface CheckOptions extends Omit<CheckContext, 'method'> {
  readonly map?: ColumnMap | undefined;
  /** Structural checks always run; these beside them. None by default. */
  readonly textChecks?: TextChecks | undefined;
  /** Where the program has its workers: large files are read by several threads then. */
  readonly workersFolder?: string | undefined;
  /** From this size on. */
  readonly threadsFromBytes?: number | undefined;
}

/** Below, starting threads takes longer than it saves. */
export const THREADS_FROM_BYTES = 16 * 2 ** 20;

/** @throws StudioError as `runChecks` */
export async function checkDataset(
  dataset: Dataset,
  method: MethodId,
  options: CheckOptions = {},
): Promise<CheckReport> {
  return (await runChecks(dataset, method, options)).report;
}

/**
 * Reads every row once. Memory is bounded by hashes and counts: about 50 bytes a row, with near-duplicates about 1,000.
 * @throws StudioError where the rows fit no shape of the method, or there are none: see `recognise`; 'usage': see `planChecks`
 */
export async function runChecks(dataset: Dataset, method: MethodId, options: CheckOptions = {}): Promise<CheckRun> {
  const { map, textChecks = [], signal } = options;
  const plan = planChecks(method, options, textChecks);
  const format = chooseFormat(await recognise(dataset, { method, map, signal }), method);
  const pass = await RowPass.start(plan.run, { ...options, method }, format, dataset.columns);
  const pace = new Pace('checking rows', dataset.rowCount, options);
  const worker = canBeJoined(plan.run) ? rangeWorker(options.workersFolder) : undefined;
  const ranges = worker === undefined ? [] : rowRanges(dataset, options.threadsFromBytes ?? THREADS_FROM_BYTES);
  if (worker !== undefined && ranges.length > 1) {
    const { shape, binding } = format;
    const how = { method, checks: plan.run.map(({ id }) => id), shape: shape.id, binding, columns: dataset.columns };
    const requests = ranges.map((range) => ({ pass: how, range }));
    const take = (result: RangeResult) => pass.append(result.pass);
    await readRanges(worker, requests, take, { signal, onRead: (rows) => pace.tell(rows) });
  } else {
    await readHere(dataset, pass, pace, signal);
  }
  pace.end();
  return reportOf(dataset, method, format, plan, pass);
}

async function readHere(dataset: Dataset, pass: RowPass, pace: Pace, signal: AbortSignal | undefined): Promise<void> {
  const range = { start: 0, end: dataset.rowCount, columns: pass.columns, forward: true };
  for await (const batch of dataset.read(range, signal)) {
    for (const [offset, cells] of batch.rows.entries()) {
      const row = batch.start + offset;
      if (pace.isDue(row)) await pace.pause(row);
      pass.see(row, cells);
    }
  }
}
