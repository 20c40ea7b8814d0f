/** Checks a dataset for one method: what is wrong with it, how much, in which rows, and what to do. */

import type { MethodId } from '../../methods/method.ts';
import type { Dataset } from '../dataset.ts';
import type { ColumnMap } from '../formats/binding.ts';
import { readRecords } from '../read-records.ts';
import { chooseFormat, recognise } from '../recognise.ts';
import type { Check, CheckContext, CheckDeclaration, Finding, FoundRows, Severity } from './check.ts';
import { type ObservedItem, ObservedRecord } from './observed-record.ts';
import { Pace } from './pace.ts';
import { type NotRun, planChecks, type TextChecks } from './registry.ts';
import { RowSet } from './row-set.ts';

export type { CheckProgress, Finding, Severity } from './check.ts';
export type { NotRun } from './registry.ts';

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
  /** What was looked for and not found. */
  readonly passed: readonly { readonly id: string; readonly title: string }[];
  readonly notRun: readonly NotRun[];
}

/** A report with the rows of its findings. */
export interface CheckRun {
  readonly report: CheckReport;
  /** All rows of a finding, ascending; none where it is about the file as a whole. */
  rowsOf(findingId: string): RowSet;
}

export interface CheckOptions extends Omit<CheckContext, 'method' | 'dataset'> {
  readonly map?: ColumnMap | undefined;
  /** Structural checks always run; these beside them. None by default. */
  readonly textChecks?: TextChecks | undefined;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const NO_ROWS = new RowSet();

/** @throws StudioError as `runChecks` */
export async function checkDataset(
  dataset: Dataset,
  method: MethodId,
  options: CheckOptions = {},
): Promise<CheckReport> {
  return (await runChecks(dataset, method, options)).report;
}

/**
 * Reads every row once. Memory is bounded by hashes and counts: about 40 bytes a row, with text checks about 600.
 * @throws StudioError where the rows fit no shape of the method, or there are none: see `recognise`; 'usage': see `planChecks`
 */
export async function runChecks(dataset: Dataset, method: MethodId, options: CheckOptions = {}): Promise<CheckRun> {
  const { map, textChecks = [], signal } = options;
  const { run, notRun } = planChecks(method, options, textChecks);
  const format = chooseFormat(await recognise(dataset, { method, map, signal }), method);
  const context: CheckContext = { ...options, method, dataset };
  const checks: Check[] = [];
  for (const check of run) checks.push(await check.start(context));
  const totals = { rows: dataset.rowCount, usable: 0, dropped: 0 };
  const rows = new RecordsPerRow();
  const pace = new Pace('checking rows', dataset.rowCount, options);
  for await (const { row, record, problem } of readRecords(dataset, format, { signal })) {
    if (pace.isDue(row)) await pace.pause(row);
    rows.see(row);
    if (record) totals.usable++;
    else totals.dropped++;
    const item: ObservedItem = record ? { row, observed: new ObservedRecord(record) } : { row, problem };
    for (const check of checks) check.observe(item);
  }
  pace.end();
  const found = checks.flatMap((check) => check.findings());
  const findings = found.map((finding) => publish(finding, run, rows.several));
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const report: CheckReport = {
    method,
    format: { id: format.shape.id, title: format.shape.title },
    totals,
    ok: findings.every((finding) => finding.severity !== 'error'),
    findings,
    passed: passedOf(run, findings),
    notRun,
  };
  return { report, rowsOf: (findingId) => found.find(({ id }) => id === findingId)?.rows ?? NO_ROWS };
}

/** Whether any row holds several records. */
class RecordsPerRow {
  several = false;
  #last = -1;

  see(row: number): void {
    if (row === this.#last) this.several = true;
    this.#last = row;
  }
}

/** A fix by rows would take good records with bad ones where a row holds several: then there is none. */
function publish({ rows, fix, ...found }: FoundRows, run: readonly CheckDeclaration[], several: boolean): Finding {
  const { title } = run.find(({ finds }) => Object.hasOwn(finds, found.id))!.finds[found.id]!;
  const safe = fix !== undefined && (!several || fix.kind === 'map-labels' || fix.kind === 'balance-positions');
  return { ...found, title, rows: rows?.first() ?? [], ...(safe && { fix }) };
}

function passedOf(run: readonly CheckDeclaration[], findings: readonly Finding[]): { id: string; title: string }[] {
  return run.flatMap(({ finds }) =>
    Object.entries(finds)
      .filter(([id]) => !findings.some((finding) => finding.id === id))
      .map(([id, { title }]) => ({ id, title })),
  );
}
