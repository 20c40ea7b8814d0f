/** Whole-file questions as the page asks them of the host, which passes them on to the query process. */

import type {
  AnswerPart,
  DistributionsRequest,
  RowOrderRequest,
  SearchRequest,
  SelectRequest,
  StatisticsRequest,
} from '../core/queries/questions.ts';

export type PageQuery =
  | { readonly kind: 'open' | 'completions' }
  | { readonly kind: 'search'; readonly request: SearchRequest }
  | { readonly kind: 'rowOrder'; readonly request: RowOrderRequest }
  | { readonly kind: 'statistics'; readonly request: StatisticsRequest }
  | { readonly kind: 'distributions'; readonly request: DistributionsRequest }
  | { readonly kind: 'select'; readonly request: SelectRequest };

/** Told to the page while a question is being answered; the next part comes when this one was taken. */
export interface PageQueryParts {
  queryPart(ticket: number, part: AnswerPart): void;
}
