/** Trains an embedded model: features, grouped validation split, fit with early stopping, evaluation. */

import type { RowRecord } from '../../datasets/records.ts';
import { StudioError } from '../../errors.ts';
import type { MethodId } from '../../methods/method.ts';
import { bradleyTerryLoss } from './bradley-terry-loss.ts';
import { buildDesign, type DesignRow, type Standardisation, standardise, Vocabulary } from './design.ts';
import { evaluateEmbedded } from './evaluate.ts';
import { FeatureExtractor } from './features.ts';
import { fitWeights, type Weights } from './fit.ts';
import type { Loss } from './loss.ts';
import { type EmbeddedMethod, type EmbeddedModel, type EmbeddedSettings, parseEmbeddedSettings } from './model.ts';
import { expectedLevel, ordinalLoss } from './ordinal-loss.ts';
import { cooperativePause } from './pause.ts';
import { quantiles } from './quantiles.ts';
import { randomIntegers } from './random.ts';
import { scoreFeatures } from './score.ts';
import { SURFACE_NAMES } from './surface.ts';
import { threeWayLoss } from './three-way-loss.ts';
import { type EmbeddedRow, featureRows, isUsable, labelOf, rowsOfMethod } from './training-rows.ts';
import { splitByPrompt } from './validation-split.ts';

/** Fewer usable rows than this teach nothing that could be told from chance. */
export const LEAST_ROWS = 20;

export interface StepMetrics {
  /** Rows the optimiser has seen, repeats counted. */
  readonly step: number;
  /** The most steps it would take; early stopping may end it before. */
  readonly totalSteps: number;
  readonly epoch: number;
  /** `train/loss`, `train/accuracy`, and with validation rows `validation/loss`, `/accuracy`, `/margin`. */
  readonly values: Readonly<Record<string, number>>;
}

export interface TrainEmbedded {
  readonly method: MethodId;
  readonly records: readonly RowRecord[];
  /** Rows for early stopping; where absent a share of the prompts of `records` is held out. */
  readonly validation?: readonly RowRecord[] | undefined;
  readonly settings?: Partial<EmbeddedSettings>;
  readonly seed: number;
  readonly data: { readonly fingerprint: string; readonly path: string };
  readonly onMetrics?: (metrics: StepMetrics) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedModel {
  readonly model: EmbeddedModel;
  /** Rows it was fitted on, and rows that chose the best epoch. */
  readonly trainRows: number;
  readonly validationRows: number;
  /** Pairs left out because their two responses are identical. */
  readonly skippedRows: number;
  /** What a person should know about this training, one sentence each. */
  readonly warnings: readonly string[];
}

const LOSSES: Readonly<Record<EmbeddedMethod, Loss>> = {
  'bradley-terry': bradleyTerryLoss,
  pointwise: ordinalLoss,
  pairwise: threeWayLoss,
};

/**
 * Fails with 'not-available' (SFT), 'usage' (settings), 'invalid-row' (records of another method), 'too-few-rows',
 * 'one-class', 'no-rows' (validation without usable rows) or 'cancelled'. The same input and seed give the same model.
 */
export async function trainEmbedded(options: TrainEmbedded): Promise<TrainedModel> {
  const { method, seed } = options;
  const file = options.data.path;
  if (method === 'sft') throw sftRefusal();
  const settings = parseEmbeddedSettings(options.settings ?? {});
  const pause = cooperativePause(options.signal);
  const random = randomIntegers(seed);
  const usable = rowsOfMethod(method, options.records, file).filter(isUsable);
  checkRows(usable, options.records.length, file);
  const split =
    options.validation === undefined
      ? splitByPrompt(usable, settings.validation_share, random)
      : { train: usable, validation: usableValidation(method, options.validation, file) };
  checkClasses(split.train, method, file);

  const extractor = new FeatureExtractor(settings);
  const rows = await featureRows(split.train, extractor, pause);
  const validationRows = await featureRows(split.validation, extractor, pause);
  const vocabulary = new Vocabulary(rows, 2 ** settings.hash_bits, 2);
  const surface = standardise(rows);
  const design = buildDesign(rows, vocabulary, surface);
  const validation = validationRows.length === 0 ? undefined : buildDesign(validationRows, vocabulary, surface);
  const { weights } = await fitWeights(
    design,
    validation,
    vocabulary.size,
    LOSSES[method],
    settings,
    random,
    pause,
    (report) => {
      const values: Record<string, number> = { 'train/loss': report.trainLoss, 'train/accuracy': report.trainAccuracy };
      if (report.validation) {
        values['validation/loss'] = report.validation.loss;
        values['validation/accuracy'] = report.validation.accuracy;
        if (method === 'bradley-terry') values['validation/margin'] = report.validation.margin;
      }
      const step = report.epoch * design.count;
      options.onMetrics?.({ step, totalSteps: settings.epochs * design.count, epoch: report.epoch, values });
    },
  );

  const model: EmbeddedModel = {
    method,
    settings,
    seed,
    ...modelWeights(weights, vocabulary, surface, LOSSES[method]),
    trainingScores: [],
    trainingMargins: undefined,
    data: {
      ...options.data,
      rows: split.train.length,
    },
    validation: undefined,
  };
  const complete = { ...model, ...trainingDistribution(model, rows) };
  const skippedRows = options.records.length - usable.length;
  return {
    model:
      split.validation.length === 0
        ? complete
        : { ...complete, validation: evaluateEmbedded(complete, split.validation) },
    trainRows: split.train.length,
    validationRows: split.validation.length,
    skippedRows,
    warnings: warningsOf(skippedRows, split.validation.length),
  };
}

function warningsOf(skippedRows: number, validationRows: number): string[] {
  const warnings: string[] = [];
  if (skippedRows > 0) warnings.push(`${skippedRows} rows were left out: their two responses are identical.`);
  if (validationRows === 0) warnings.push('There are no validation rows: all epochs ran, and nothing was measured.');
  return warnings;
}

const sftRefusal = (): StudioError =>
  new StudioError('not-available', 'The embedded engine cannot fine-tune a language model (SFT).', {
    hint: 'Choose the engine trl (one machine) or verl (a cluster).',
  });

function checkRows(usable: readonly EmbeddedRow[], total: number, file: string): void {
  if (usable.length >= LEAST_ROWS) return;
  const skipped = total - usable.length;
  const left = skipped === 0 ? '' : ` (${skipped} more with two identical responses were left out)`;
  throw new StudioError(
    'too-few-rows',
    `There are ${usable.length} usable rows${left}; at least ${LEAST_ROWS} are needed.`,
    {
      where: { file },
      hint: 'A useful model takes hundreds of rows: collect more.',
    },
  );
}

function checkClasses(rows: readonly EmbeddedRow[], method: EmbeddedMethod, file: string): void {
  if (method === 'bradley-terry') return;
  const labels = new Set(rows.map(({ record }) => labelOf(record)));
  if (labels.size > 1) return;
  const { record } = rows[0]!;
  const only = record.kind === 'compared-responses' ? `verdict "${record.preferred}"` : `score ${labelOf(record)}`;
  throw new StudioError(
    'one-class',
    `All ${rows.length} training rows have the ${only}: there is nothing to tell apart.`,
    {
      where: { file },
      hint: 'Add rows with other labels.',
    },
  );
}

function usableValidation(method: EmbeddedMethod, records: readonly RowRecord[], file: string): EmbeddedRow[] {
  const usable = rowsOfMethod(method, records, file).filter(isUsable);
  if (usable.length > 0) return usable;
  throw new StudioError('no-rows', 'The validation data has no usable rows.', {
    hint: 'Name another validation file, or none: then a share of the training prompts is held out.',
  });
}

/** Weights as the model keeps them: float32, so that a model reads back from its file as it was. */
function modelWeights(weights: Weights, vocabulary: Vocabulary, surface: Standardisation, loss: Loss) {
  const hashedWeights = new Float32Array(vocabulary.bucketCount);
  vocabulary.buckets.forEach((bucket, column) => {
    hashedWeights[bucket] = weights.hashed[column]!;
  });
  return {
    hashedWeights,
    surface: {
      names: surface.mean.length === 0 ? [] : [...SURFACE_NAMES],
      ...surface,
      weights: Array.from(weights.surface, Math.fround),
    },
    thresholds: loss.thresholds(weights.parameters).map(Math.fround),
  };
}

function trainingDistribution(model: EmbeddedModel, rows: readonly DesignRow[]) {
  const scores: number[] = [];
  const margins: number[] = [];
  for (const { plus, minus } of rows) {
    const score = scoreFeatures(model, plus);
    scores.push(model.method === 'pointwise' ? expectedLevel(score, model.thresholds) : score);
    if (minus === undefined) continue;
    const other = scoreFeatures(model, minus);
    scores.push(other);
    margins.push(Math.abs(score - other));
  }
  return {
    trainingScores: quantiles(scores),
    trainingMargins: margins.length === 0 ? undefined : quantiles(margins),
  };
}
