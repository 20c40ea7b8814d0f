/**
 * What an embedded model is: one linear score over hashed n-grams and surface features of prompt and response.
 * The file that holds it is written and read by `model-file.ts`.
 */

import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import type { Evaluation } from '../../methods/evaluation.ts';
import type { MethodId } from '../../methods/method.ts';
import { describeIssues } from '../../runs/schema-issues.ts';

export const MODEL_FORMAT_VERSION = 1;

export type EmbeddedMethod = Exclude<MethodId, 'sft'>;

/** Hyper-parameters of the embedded trainer; every one reachable by `--set key=value`. Unknown keys are errors. */
export const embeddedSettingsSchema = z.strictObject({
  hash_bits: z.number().int().min(10).max(22).default(18).describe('log2 of the number of hashed n-gram buckets'),
  word_ngrams: z.number().int().min(0).max(3).default(2).describe('longest word n-gram; 0 switches word features off'),
  char_ngrams: z.number().int().min(0).max(6).default(4).describe('longest character n-gram; 0 switches them off'),
  surface_features: z.boolean().default(true).describe('length, punctuation, structure and prompt-overlap features'),
  learning_rate: z.number().positive().default(0.05).describe('Adagrad step size of the n-grams'),
  surface_learning_rate: z.number().positive().default(0.02).describe('Adagrad step size of the surface features'),
  l2: z.number().min(0).default(3e-3).describe('L2 penalty on the weights that a row uses'),
  epochs: z.number().int().min(1).max(200).default(20).describe('most passes over the training rows'),
  patience: z.number().int().min(1).default(3).describe('epochs without a better validation loss before stopping'),
  validation_share: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of the prompts held out for early stopping when no validation file is given'),
});

export type EmbeddedSettings = z.infer<typeof embeddedSettingsSchema>;

/**
 * Checks and completes settings.
 * @throws StudioError 'usage' for an unknown or impossible one, naming those there are
 */
export function parseEmbeddedSettings(settings: object): EmbeddedSettings {
  const result = embeddedSettingsSchema.safeParse(settings);
  if (result.success) return result.data;
  throw new StudioError(
    'usage',
    `The settings do not fit the embedded engine: ${describeIssues(result.error, embeddedSettingsSchema)}.`,
    {
      hint: `It knows: ${Object.keys(embeddedSettingsSchema.shape).join(', ')}.`,
    },
  );
}

/** Distribution of a number on the training data: 101 quantiles (percent 0 to 100), ascending. */
export type Quantiles = readonly number[];

export interface EmbeddedModel {
  readonly method: EmbeddedMethod;
  readonly settings: EmbeddedSettings;
  readonly seed: number;
  /** 2^hash_bits weights of the hashed features. */
  readonly hashedWeights: Float32Array;
  /** Weights of the standardised surface features, in the order of their names. */
  readonly surface: {
    readonly names: readonly string[];
    readonly mean: readonly number[];
    readonly scale: readonly number[];
    readonly weights: readonly number[];
  };
  /**
   * Thresholds of the ordinal model (pointwise: four ascending cut points) or the half-width of the tie band
   * (pairwise: one number >= 0); empty for Bradley-Terry.
   */
  readonly thresholds: readonly number[];
  /** Scores of the training responses and, for pairs, the sizes of their margins, |chosen - rejected| or |A - B|. */
  readonly trainingScores: Quantiles;
  readonly trainingMargins: Quantiles | undefined;
  readonly data: {
    readonly fingerprint: string;
    readonly path: string;
    /** Rows it was fitted on. */
    readonly rows: number;
  };
  /** On the validation rows. */
  readonly validation: Evaluation | undefined;
}
