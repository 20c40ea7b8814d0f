/**
 * What an evaluation of a grader on a file says, as it is kept in the run's folder (docs/evaluation.md). Names are those of
 * the file.
 */

import * as z from 'zod';
import type { Baseline, Evaluation, Measure } from '../methods/evaluation.ts';

export const EVALUATION_FORMAT_VERSION = 1;

const count = z.number().int().min(0);
/** JSON has no NaN: a measure of no rows is null there. */
const figure = z.number().nullable();

const measureSchema = z.custom<Measure>(
  (value) =>
    z
      .object({
        name: z.string(),
        value: figure,
        n: count,
        interval: z.tuple([figure, figure]),
        better: z.enum(['higher', 'lower']),
      })
      .safeParse(value).success,
);
const baselineSchema = z.custom<Baseline>(
  (value) =>
    z.object({ baseline: z.string(), answer: z.string().optional(), measure: measureSchema }).safeParse(value).success,
);
export const evaluationSchema = z.custom<Evaluation>(
  (value) =>
    z
      .object({
        method: z.enum(['bradley-terry', 'pointwise', 'pairwise', 'sft']),
        n: count,
        measures: z.array(measureSchema),
        baselines: z.array(baselineSchema),
      })
      .safeParse(value).success,
);

export const problemSchema = z.object({
  /** `malformed`: a line that is no row; `unusable`: a row that gives no record; `failed`: the grader gave no grade. */
  kind: z.enum(['malformed', 'unusable', 'failed']),
  /** A code: that of a row's problem, or of the grader's error. */
  reason: z.string(),
  rows: count,
  /** The first of them: its row from 0 (of a malformed line, the line from 1), and what was wrong there. */
  first: z.object({ row: count.nullable(), line: count.nullable(), message: z.string() }),
});
export type ReportProblem = z.infer<typeof problemSchema>;

export const SLICE_KINDS = ['seen', 'column', 'label', 'strength', 'length', 'length-difference'] as const;
export type SliceKind = (typeof SLICE_KINDS)[number];

const slicingSchema = z.object({
  kind: z.enum(SLICE_KINDS),
  /** The column's name, or what the rows are told apart by. */
  by: z.string(),
  slices: z.array(
    z.object({
      value: z.string(),
      evaluation: evaluationSchema,
      /** Where the interval of the first measure does not hold the value of all rows, of ten rows or more: which way. */
      differs: z.enum(['better', 'worse']).nullable(),
    }),
  ),
  /** Rows that have no value there. */
  without: count,
});
export type Slicing = z.infer<typeof slicingSchema>;

export const histogramSchema = z.object({
  title: z.string(),
  unit: z.string(),
  /** Ascending, one more than there are bins. The first and the last bin also hold what lies beyond. */
  edges: z.array(z.number()),
  series: z.array(z.object({ name: z.string(), counts: z.array(count) })),
});
export type Histogram = z.infer<typeof histogramSchema>;

const confusionSchema = z.object({
  labels: z.array(z.string()),
  /** `cells[label][answer]`. */
  cells: z.array(z.array(count)),
});
export type Confusion = z.infer<typeof confusionSchema>;

const calibrationSchema = z.object({
  /** What the grader held for likeliest was right in `right` of the `n` rows, where it gave it `confidence` on average. */
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      n: count,
      confidence: z.number(),
      right: z.number(),
      interval: z.tuple([z.number(), z.number()]),
    }),
  ),
  /** Expected calibration error: the mean of |right - confidence| over the rows (Naeini et al. 2015). */
  error: z.number(),
  n: count,
});
export type Calibration = z.infer<typeof calibrationSchema>;

const worstRowSchema = z.object({
  row: count,
  /** How it begins. */
  prompt: z.string(),
  responses: z.array(z.object({ title: z.string(), text: z.string(), score: z.number().nullable() })),
  label: z.string(),
  answer: z.string(),
  /** How far the wrong way: see `WRONG_BY` for what it counts. */
  wrong_by: z.number().min(0),
});
export type WorstRow = z.infer<typeof worstRowSchema>;

const overlapSchema = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      role: z.enum(['train', 'validation']),
      /** `same` as the model was trained on, `changed` since, or `unreadable`: then nothing is known of its prompts. */
      state: z.enum(['same', 'changed', 'unreadable']),
      message: z.string().nullable(),
    }),
  ),
  /** Different prompts of the graded rows that are in these files, of how many. */
  shared_prompts: count,
  prompts: count,
  /** Graded rows that have such a prompt. */
  rows: count,
});
export type Overlap = z.infer<typeof overlapSchema>;

/** Of every record, in the order of the file: two evaluations of it can be compared record by record. */
const outcomesSchema = z.object({
  /** A character each record: `1` right, `0` wrong, `=` one half, `-` no grade. */
  right: z.string().regex(/^[01=-]*$/),
  /** Score minus label of each record, as little-endian 32-bit floats in base64, NaN without a grade; of scores of 0 to 4. */
  errors: z.base64().nullable(),
  /** How many records each row holds; null where that is one each. */
  records_per_row: z.array(z.number().int().min(0)).nullable(),
});
export type Outcomes = z.infer<typeof outcomesSchema>;

export const evaluationReportSchema = z.object({
  version: z.literal(EVALUATION_FORMAT_VERSION),
  id: z.string(),
  created_at: z.iso.datetime(),
  run: z.object({ id: z.string(), name: z.string() }).nullable(),
  grader: z.object({
    name: z.string(),
    kind: z.string(),
    method: z.enum(['bradley-terry', 'pointwise', 'pairwise']),
    scale: z.enum(['logit-within-prompt', 'score-0-4', 'preference-a-b-tie']),
    model: z.string(),
    trained_at: z.string(),
  }),
  data: z.object({
    /** Absolute; a file, a folder or a glob. */
    path: z.string(),
    fingerprint: z.string(),
    /** What its rows were read as. */
    shape: z.object({ id: z.string(), title: z.string() }),
    /** The method whose records the rows hold, where the records that were graded were made of them. */
    derived_from: z.string().nullable(),
    map: z.record(z.string(), z.string()),
  }),
  /** Decides in which order the two responses of a pair are shown. */
  seed: z.number().int(),
  rows: z.object({ total: count, records: count, graded: count, unusable: count, failed: count }),
  problems: z.array(problemSchema),
  evaluation: evaluationSchema,
  slicings: z.array(slicingSchema),
  histograms: z.array(histogramSchema),
  confusion: confusionSchema.nullable(),
  calibration: calibrationSchema.nullable(),
  worst: z.array(worstRowSchema),
  /** Null where it is not known what the model was trained on. */
  overlap: overlapSchema.nullable(),
  /** What came of every record; absent from reports of before, null of very many. */
  outcomes: outcomesSchema.nullish(),
  took_seconds: z.number().min(0),
  versions: z.object({ reward_studio: z.string() }),
});

export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
