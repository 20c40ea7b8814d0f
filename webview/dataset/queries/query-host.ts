/** Whole-file questions as the page asks them: answers may come in parts, and every question can be cancelled. */

import type {
  ColumnDistribution,
  ColumnStatistics,
  Completions,
  DistributionsAnswer,
  DistributionsRequest,
  Progress,
  QuerySummary,
  RowOrderAnswer,
  RowOrderPart,
  RowOrderRequest,
  SearchAnswer,
  SearchHits,
  SearchRequest,
  SelectAnswer,
  SelectHead,
  SelectRequest,
  SelectRows,
  StatisticsAnswer,
  StatisticsRequest,
} from '../../../src/core/queries/questions.ts';
import type { Outcome, Problem } from '../../../src/protocol/dataset-viewer.ts';

type Answer<T> = Promise<Outcome<T, Problem>>;
type OnPart<P> = (part: P | Progress) => void;

export interface QueryHost {
  summary(signal: AbortSignal): Answer<QuerySummary>;
  search(request: SearchRequest, signal: AbortSignal, onPart: OnPart<SearchHits>): Answer<SearchAnswer>;
  rowOrder(request: RowOrderRequest, signal: AbortSignal, onPart: OnPart<RowOrderPart>): Answer<RowOrderAnswer>;
  statistics(
    request: StatisticsRequest,
    signal: AbortSignal,
    onPart: OnPart<ColumnStatistics>,
  ): Answer<StatisticsAnswer>;
  distributions(
    request: DistributionsRequest,
    signal: AbortSignal,
    onPart: OnPart<ColumnDistribution>,
  ): Answer<DistributionsAnswer>;
  select(request: SelectRequest, signal: AbortSignal, onPart: OnPart<SelectHead | SelectRows>): Answer<SelectAnswer>;
  completions(signal: AbortSignal): Answer<Completions>;
}
