/**
 * The contract of whole-file questions: extension host <-> query process (`src/workers/query-dataset.ts`). Every question
 * carries a ticket, a number its sender chose, by which its parts are told apart and it can be cancelled. Failures are
 * answers, not exceptions. Row numbers travel as typed arrays, so that the channel has to be one of structured clones.
 */

import type {
  AnswerPart,
  Completions,
  DistributionsAnswer,
  DistributionsRequest,
  ExportAnswer,
  ExportRequest,
  QuerySummary,
  RowOrderAnswer,
  RowOrderRequest,
  SearchAnswer,
  SearchRequest,
  SelectAnswer,
  SelectRequest,
  StatisticsAnswer,
  StatisticsRequest,
} from '../core/queries/questions.ts';
import type { Outcome } from './dataset-viewer.ts';

/** What can be asked; the first question opens the dataset, which for text files means reading all of it. */
export interface DatasetQueryFunctions<F> {
  open(ticket: number): Promise<Outcome<QuerySummary, F>>;
  search(ticket: number, request: SearchRequest): Promise<Outcome<SearchAnswer, F>>;
  rowOrder(ticket: number, request: RowOrderRequest): Promise<Outcome<RowOrderAnswer, F>>;
  statistics(ticket: number, request: StatisticsRequest): Promise<Outcome<StatisticsAnswer, F>>;
  distributions(ticket: number, request: DistributionsRequest): Promise<Outcome<DistributionsAnswer, F>>;
  select(ticket: number, request: SelectRequest): Promise<Outcome<SelectAnswer, F>>;
  completions(ticket: number): Promise<Outcome<Completions, F>>;
  exportRows(ticket: number, request: ExportRequest): Promise<Outcome<ExportAnswer, F>>;
  /** The question's sender no longer wants the answer. Unknown tickets are ignored. */
  cancel(ticket: number): void;
}

/** What the process tells who asked. The next part comes when this one is taken, so that a slow reader is not flooded. */
export interface QueryPartFunctions {
  part(ticket: number, part: AnswerPart): void;
}

/** How the process is started, as JSON in its second argument. */
export interface QueryProcessOptions {
  readonly memoryMegabytes?: number;
  readonly threads?: number;
  /** A file beside whose `node_modules` DuckDB is looked for, in place of the process's own. */
  readonly duckDbFrom?: string;
}
