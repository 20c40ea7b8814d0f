/** Checks a dataset for one method: what is wrong with it, how much, in which rows, and what to do. */

import type { MethodId } from '../../methods/method.ts';
import type { Dataset } from '../dataset.ts';
import type { ColumnMap } from '../formats/binding.ts';
import { readRecords } from '../read-records.ts';
import { chooseFormat, recognise } from '../recognise.ts';
import type { CheckFactory, Finding, Severity } from './check.ts';
import { labelBalance } from './label-balance.ts';
import { lengthBias } from './length-bias.ts';
import { malformedLines } from './malformed-lines.ts';
import { nearIdentical } from './near-identical.ts';
import { oneClass } from './one-class.ts';
import { repeatedRows } from './repeated-rows.ts';
import { roles } from './roles.ts';
import { tooFewRows } from './too-few-rows.ts';
import { unusableRows } from './unusable-rows.ts';

export type { Finding, Severity } from './check.ts';

export interface CheckReport {
  readonly method: MethodId;
  readonly format: { readonly id: string; readonly title: string };
  readonly totals: {
    /** Rows of the dataset; malformed lines are not among them. */
    readonly rows: number;
    /** Records that can be trained on: more than rows where a row holds several. */
    readonly usable: number;
    /** Rows, and records of a row that holds several, that are left out. */
    readonly dropped: number;
  };
  /** No finding is an error. */
  readonly ok: boolean;
  /** Errors first, then warnings, then information. */
  readonly findings: readonly Finding[];
}

export interface CheckOptions {
  readonly map?: ColumnMap | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly rows: number; readonly totalRows: number }) => void) | undefined;
}

const CHECKS: readonly CheckFactory[] = [
  tooFewRows,
  unusableRows,
  oneClass,
  nearIdentical,
  repeatedRows,
  roles,
  lengthBias,
  labelBalance,
];

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const PROGRESS_ROWS = 1_000;

/** @throws StudioError where the rows fit no shape of the method, or there are none: see `recognise` */
export async function checkDataset(
  dataset: Dataset,
  method: MethodId,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const { map, signal, onProgress } = options;
  const format = chooseFormat(await recognise(dataset, { method, map, signal }), method);
  const checks = CHECKS.flatMap((factory) => factory(method) ?? []);
  let usable = 0;
  let dropped = 0;
  let reported = 0;
  for await (const item of readRecords(dataset, format, { signal })) {
    if (item.record) usable++;
    else dropped++;
    for (const check of checks) check.observe(item);
    if (item.row >= reported) {
      onProgress?.({ rows: item.row, totalRows: dataset.rowCount });
      reported = item.row + PROGRESS_ROWS;
    }
  }
  onProgress?.({ rows: dataset.rowCount, totalRows: dataset.rowCount });
  const findings = [...malformedLines(dataset), ...checks.flatMap((check) => check.findings())];
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return {
    method,
    format: { id: format.shape.id, title: format.shape.title },
    totals: { rows: dataset.rowCount, usable, dropped },
    ok: findings.every((finding) => finding.severity !== 'error'),
    findings,
  };
}
