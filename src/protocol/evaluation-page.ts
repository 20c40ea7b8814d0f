/** The contract of the page of an evaluation: page <-> extension host. Failures are answers, as in the dataset viewer. */

import type { EvaluationComparison } from '../core/evaluations/comparison.ts';
import type { EvaluationReport } from '../core/evaluations/report.ts';
import type { Outcome, Problem } from './dataset-viewer.ts';

/** The data that were measured on, as they are now; in Restricted Mode nobody looks. */
export type DataState = 'same' | 'changed' | 'gone' | 'unknown';

export const EXPORT_FORMATS = ['json', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** This evaluation (A) beside another one of the same records (B). */
export interface ShownComparison {
  /** Path of the other report. */
  readonly file: string;
  readonly a: string;
  readonly b: string;
  readonly comparison: EvaluationComparison;
}

export interface EvaluationHostFunctions {
  report(): Promise<Outcome<EvaluationReport, Problem>>;
  /** Compares the data with those of the report: reads the whole file, away from the host. */
  dataState(): Promise<Outcome<DataState, Problem>>;
  /**
   * With the evaluation that was chosen last, else with this one.
   * @param file path of the report that the page was compared with; null where with none
   */
  comparison(file: string | null): Promise<Outcome<ShownComparison | null, Problem>>;
  /** Asks with which evaluation to compare; the page is told to ask again when one was chosen. */
  compareWith(): void;
  /** The comparison is no longer shown. */
  endComparison(): void;
  /** Opens the data at this row. */
  showRow(row: number): void;
  showData(): void;
  /** Opens the run whose model was measured. */
  showRun(): void;
  evaluateAgain(): void;
  export(format: ExportFormat): void;
}

export interface EvaluationPageFunctions {
  /** The report may be another, or the data: ask again. */
  changed(): void;
}

export const EVALUATION_PAGE_EVENTS = ['changed'] as const satisfies (keyof EvaluationPageFunctions)[];
export const EVALUATION_HOST_EVENTS = [
  'compareWith',
  'endComparison',
  'showRow',
  'showData',
  'showRun',
  'evaluateAgain',
  'export',
] as const satisfies (keyof EvaluationHostFunctions)[];
