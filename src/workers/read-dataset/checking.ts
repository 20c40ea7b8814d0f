/** Runs the checks of the viewer's dataset, and keeps the last runs so that all rows of a finding can be asked for. */

import path from 'node:path';
import { type CheckRun, runChecks } from '../../core/datasets/checks/check-dataset.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { withCheckInputs } from '../../core/datasets/open-check-inputs.ts';
import { StudioError } from '../../core/errors.ts';
import { findMethod } from '../../core/methods/method.ts';
import {
  type CheckOutcome,
  type CheckRequest,
  FINDING_PAGE_ROWS,
  type FindingRows,
  type FindingRowsRequest,
} from '../../protocol/dataset-checks.ts';
import type { OnProgress } from '../../protocol/tickets.ts';

/** Every panel on a dataset shows one run; a few more are kept for those that went on to the next. */
const RUNS_KEPT = 6;
/** What `runChecks` calls its pass over the rows of the dataset itself. */
const OWN_ROWS = 'checking rows';

interface KeptRun {
  readonly run: CheckRun;
  readonly outcome: CheckOutcome;
  /** Of runs without other files, whose answer holds as long as the dataset is the same. */
  readonly method: string | undefined;
}

export class DatasetChecking {
  readonly #runs = new Map<number, KeptRun>();
  #next = 0;
  /** The finding stepped through last: listing ten million rows anew for every page would be slow. */
  #listed: { readonly run: number; readonly finding: string; readonly rows: Uint32Array } | undefined;

  async check(
    dataset: Dataset,
    { method: name, inputs = {} }: CheckRequest,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<CheckOutcome> {
    const method = findMethod(name);
    if (!method) throw new StudioError('usage', `There is no method "${name}".`);
    const plain = Object.keys(inputs).length === 0;
    if (plain) {
      const known = [...this.#runs.values()].find((kept) => kept.method === method.id);
      if (known) return known.outcome;
    }
    const bytes = dataset.files.reduce((sum, file) => sum + file.bytes, 0);
    const run = await withCheckInputs(inputs, signal, (options) =>
      runChecks(dataset, method.id, {
        ...options,
        // Of the bundle: its folder holds the entry point of the threads too.
        workersFolder: import.meta.dirname,
        signal,
        onProgress: (progress) => onProgress({ ...progress, ...(progress.phase === OWN_ROWS && { bytes }) }),
      }),
    );
    const outcome = outcomeOf(this.#next++, run, [inputs.against, inputs.benchmark]);
    this.#runs.set(outcome.run, { run, outcome, method: plain ? method.id : undefined });
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > RUNS_KEPT && oldest !== undefined) this.#runs.delete(oldest);
    return outcome;
  }

  /** @throws StudioError 'not-available' for a run that is no longer kept */
  rows({ run, finding, from, count }: FindingRowsRequest): FindingRows {
    const rows = this.#rowsOf(run, finding);
    const to = from + Math.min(count, FINDING_PAGE_ROWS);
    return { rows: [...rows.subarray(from, to)], total: rows.length };
  }

  #rowsOf(run: number, finding: string): Uint32Array {
    if (this.#listed?.run === run && this.#listed.finding === finding) return this.#listed.rows;
    const kept = this.#runs.get(run);
    if (!kept) throw new StudioError('not-available', 'These checks are no longer known.', { hint: 'Run them again.' });
    const rows = Uint32Array.from(kept.run.rowsOf(finding));
    this.#listed = { run, finding, rows };
    return rows;
  }
}

/** @param files whose paths messages hold: their names are what a person chose */
function outcomeOf(run: number, { report }: CheckRun, files: readonly (string | undefined)[]): CheckOutcome {
  const byName = (message: string) =>
    files.reduce<string>((text, file) => (file ? text.replaceAll(file, path.basename(file)) : text), message);
  const { totals, ok, findings, passed, notRun } = report;
  return {
    run,
    ...totals,
    ok,
    findings: findings.map(({ id, title, severity, message, hint, count, share, rows, fix }) => ({
      id,
      title,
      severity,
      message: byName(message),
      ...(hint === undefined ? {} : { hint }),
      count,
      share,
      rows,
      ...(fix === undefined ? {} : { fix: { count: fix.count, description: fix.description } }),
    })),
    passed,
    notRun: notRun.map(({ id, title }) => ({ id, title })),
  };
}
