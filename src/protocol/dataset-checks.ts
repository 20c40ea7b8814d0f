/** The checks of a dataset, as they travel between page, extension host and reader. */

import type { CheckInputs } from '../core/datasets/check-inputs.ts';

export type { CheckInputs } from '../core/datasets/check-inputs.ts';

/** The most rows of a finding that one answer holds. */
export const FINDING_PAGE_ROWS = 1_000;

export interface CheckRequest {
  /** Id of a method. */
  readonly method: string;
  /** For the checks that run on request only; without them only the others run. */
  readonly inputs?: CheckInputs;
}

/** How far a run of checks is; it reads its other files before the rows of this dataset. */
export interface CheckProgress {
  /** What is being done: `checking rows`. */
  readonly phase: string;
  readonly rows: number;
  readonly totalRows: number;
  /** Size of what is read in this phase, where it is this dataset. */
  readonly bytes?: number;
}

/** Something that the checks found; `rows` are the first rows concerned. */
export interface CheckFinding {
  readonly id: string;
  readonly title: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly hint?: string;
  readonly count: number;
  /** Of all records the check looked at, 0 to 1. */
  readonly share: number;
  readonly rows: readonly number[];
  /** What could be done about it, where that is safe; it writes a new file. */
  readonly fix?: { readonly count: number; readonly description: string };
}

interface NamedCheck {
  readonly id: string;
  readonly title: string;
}

export interface CheckOutcome {
  /** Number of the run, for asking for the rows of its findings. */
  readonly run: number;
  readonly rows: number;
  readonly usable: number;
  readonly dropped: number;
  /** Nothing found that must be mended before training. */
  readonly ok: boolean;
  readonly findings: readonly CheckFinding[];
  /** What was looked for and not found. */
  readonly passed: readonly NamedCheck[];
  /** What would say something about the method, but runs on request only. */
  readonly notRun: readonly NamedCheck[];
}

/** Some of all rows of a finding: those numbered from `from` on, counted from 0. */
export interface FindingRowsRequest {
  readonly run: number;
  readonly finding: string;
  readonly from: number;
  readonly count: number;
}

export interface FindingRows {
  /** Ascending. */
  readonly rows: readonly number[];
  /** Rows of the finding altogether. */
  readonly total: number;
}

/** The fix of a finding of `check`. */
export interface FixRequest extends CheckRequest {
  readonly finding: string;
}

/** What a file is chosen for. */
export type FilePurpose = 'against' | 'benchmark' | 'tokenizer';

export interface ChosenFile {
  readonly path: string;
  readonly name: string;
}
