/** What the grades of a file say together: their distribution, who passes, and how far they agree with the labels. */

import * as z from 'zod';
import { StudioError } from '../errors.ts';
import {
  evaluationSchema,
  type Histogram,
  histogramSchema,
  problemSchema,
  type ReportProblem,
} from '../evaluations/report.ts';
import type { RowProblems } from '../evaluations/row-problems.ts';
import { ScoreHistogram } from '../evaluations/score-histogram.ts';
import type { Evaluation } from '../methods/evaluation.ts';
import { type EvaluationTally, tallyOf } from '../methods/evaluation-tally.ts';
import { type Interval, wilsonInterval } from '../methods/intervals.ts';
import type { Scale } from '../methods/method.ts';
import { type FloatColumn, floatColumn } from '../runs/growing-columns.ts';
import { type GradedItem, isGraded, type RowGrades } from './grade-row.ts';
import type { GradedKind } from './graded-rows.ts';
import { type ColumnFacts, RESPONSE_NAMES } from './grading-columns.ts';

/** Of a response that passes: at least this score from 0 to 4, or this percentile of the training data. */
export interface PassMark {
  readonly by: 'score' | 'percentile';
  readonly at: number;
}

const count = z.number().int().min(0);
const figure = z.number().nullable();

const seriesSchema = z.object({
  name: z.string(),
  n: count,
  mean: figure,
  /** At 5, 25, 50, 75 and 95 %. */
  quantiles: z.array(figure),
});
export type GradeSeries = z.infer<typeof seriesSchema>;

export const distributionSchema = z.object({
  rows: z.object({ total: count, graded: count, unusable: count, failed: count }),
  /** Records that were graded: of most shapes as many as rows. */
  items: count,
  responses: count,
  problems: z.array(problemSchema),
  series: z.array(seriesSchema),
  histogram: histogramSchema.nullable(),
  verdicts: z.object({ A: count, B: count, tie: count }).nullable(),
  pass: z
    .object({
      by: z.enum(['score', 'percentile']),
      at: z.number(),
      passed: count,
      n: count,
      share: figure,
      interval: z.tuple([figure, figure]),
    })
    .nullable(),
  agreement: evaluationSchema.nullable(),
});
export type GradeDistribution = z.infer<typeof distributionSchema>;

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Numbers of one series that are held for its quantiles; of more, the first so many. */
const MOST_HELD = 4_000_000;
const SCALE_UNITS: Readonly<Record<Scale, string>> = {
  'logit-within-prompt': 'reward (logit)',
  'score-0-4': 'score 0 to 4',
  'preference-a-b-tie': 'margin',
};

/** @throws StudioError 'usage' where the grades have no such number */
export function checkPassMark(mark: PassMark, kind: GradedKind, scale: Scale): void {
  if (mark.by === 'score' && scale === 'score-0-4') return;
  if (mark.by === 'percentile' && kind === 'response' && scale !== 'score-0-4') return;
  const why =
    mark.by === 'score'
      ? 'A score passes on the scale from 0 to 4 alone: what this grader says only compares responses to one prompt.'
      : 'A percentile passes where a row holds one response and the model knows the scores of its training data.';
  throw new StudioError('usage', why, { hint: 'Leave the mark out, or choose another grader.' });
}

export class GradeTally {
  readonly #kind: GradedKind;
  readonly #scale: Scale;
  readonly #mark: PassMark | undefined;
  readonly #names: readonly string[];
  readonly #series: readonly SeriesTally[];
  readonly #histogram: ScoreHistogram;
  readonly #problems: RowProblems;
  readonly #verdicts = { A: 0, B: 0, tie: 0 };
  readonly #rows = { graded: 0, unusable: 0, failed: 0 };
  readonly #seen = { several: false, reasons: false, percentiles: false, probabilities: false };
  #agreement: EvaluationTally | undefined;
  #passed = 0;
  #marked = 0;
  #items = 0;
  #responses = 0;

  /** @param problems those of lines that are no rows */
  constructor(kind: GradedKind, scale: Scale, mark: PassMark | undefined, problems: RowProblems) {
    this.#kind = kind;
    this.#scale = scale;
    this.#mark = mark;
    this.#problems = problems;
    this.#names = scale === 'preference-a-b-tie' && kind !== 'response' ? ['margin'] : RESPONSE_NAMES[kind];
    this.#series = this.#names.map(() => new SeriesTally());
    this.#histogram = new ScoreHistogram('Grades', SCALE_UNITS[scale], this.#names);
  }

  add({ row, items }: RowGrades): void {
    if (items.length > 1) this.#seen.several = true;
    let state: 'graded' | 'failed' | 'unusable' = 'unusable';
    for (const item of items) {
      if (isGraded(item)) {
        state = 'graded';
        this.#item(item);
        continue;
      }
      if (item.problem === 'failed' && state === 'unusable') state = 'failed';
      this.#problems.add(item.problem, item.code, { row, message: item.message });
    }
    this.#rows[state]++;
  }

  get facts(): ColumnFacts {
    return { kind: this.#kind, scale: this.#scale, ...this.#seen };
  }

  distribution(total: number): GradeDistribution {
    const n = this.#marked;
    const interval: Interval = wilsonInterval(this.#passed, n);
    return {
      rows: { total, ...this.#rows },
      items: this.#items,
      responses: this.#responses,
      problems: this.#problems.list as ReportProblem[],
      series: this.#series.map((series, at) => series.series(this.#names[at]!)),
      histogram: this.#histogram.histogram() as Histogram | null,
      verdicts: this.#kind === 'response' ? null : { ...this.#verdicts },
      pass: this.#mark
        ? { ...this.#mark, passed: this.#passed, n, share: n === 0 ? null : this.#passed / n, interval: [...interval] }
        : null,
      agreement: (this.#agreement?.evaluation() as Evaluation | undefined) ?? null,
    };
  }

  #item(item: GradedItem): void {
    const { scores, comparison, judged, percentile } = item;
    this.#items++;
    this.#responses += scores.length;
    const numbers = this.#names[0] === 'margin' ? [comparison?.margin ?? null] : scores;
    numbers.forEach((number, at) => {
      if (number === null) return;
      this.#series[at]!.add(number);
      this.#histogram.add(at, number);
      if (this.#mark?.by === 'score') this.#pass(number);
    });
    if (this.#mark?.by === 'percentile' && percentile !== undefined) this.#pass(percentile);
    if (comparison) this.#verdicts[comparison.verdict]++;
    if (judged) {
      this.#agreement ??= tallyOf(judged.kind);
      this.#agreement.add(judged);
    }
    const seen = this.#seen;
    seen.reasons ||= item.reason !== undefined;
    seen.percentiles ||= percentile !== undefined || comparison?.percentile !== undefined;
    seen.probabilities ||= comparison !== undefined && comparison.probability !== null;
  }

  #pass(number: number): void {
    this.#marked++;
    if (number >= this.#mark!.at) this.#passed++;
  }
}

class SeriesTally {
  readonly #held: FloatColumn = floatColumn();
  #n = 0;
  #sum = 0;

  add(value: number): void {
    this.#n++;
    this.#sum += value;
    if (this.#held.length < MOST_HELD) this.#held.push(value);
  }

  series(name: string): GradeSeries {
    const sorted = this.#held.data.slice(0, this.#held.length).sort();
    const at = (share: number): number | null => {
      if (sorted.length === 0) return null;
      const place = (sorted.length - 1) * share;
      const below = sorted[Math.floor(place)]!;
      return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place - Math.floor(place));
    };
    return { name, n: this.#n, mean: this.#n === 0 ? null : this.#sum / this.#n, quantiles: QUANTILES.map(at) };
  }
}
