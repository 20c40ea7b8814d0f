/** The report of a run of checks: what was found, what was looked for and not found, what did not run. */

import type { MethodId } from '../../methods/method.ts';
import type { Dataset } from '../dataset.ts';
import type { BoundFormat } from '../formats/bound-format.ts';
import type { CheckDeclaration, Finding, FoundRows, Severity } from './check.ts';
import type { CheckPlan, NotRun } from './registry.ts';
import type { RowPass } from './row-pass.ts';
import { RowSet } from './row-set.ts';

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

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const NO_ROWS = new RowSet();

/** @param pass that has seen all rows of the dataset */
export function reportOf(
  dataset: Dataset,
  method: MethodId,
  { shape }: BoundFormat,
  { run, notRun }: CheckPlan,
  pass: RowPass,
): CheckRun {
  const { usable, dropped, several, checks } = pass;
  const found = checks.flatMap((check) => check.findings(dataset));
  const findings = found.map((finding) => publish(finding, run, several));
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const report: CheckReport = {
    method,
    format: { id: shape.id, title: shape.title },
    totals: { rows: dataset.rowCount, usable, dropped },
    ok: findings.every((finding) => finding.severity !== 'error'),
    findings,
    passed: passedOf(run, findings),
    notRun,
  };
  return { report, rowsOf: (findingId) => found.find(({ id }) => id === findingId)?.rows ?? NO_ROWS };
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
