/** Evaluates an embedded model on canonical records, beside the trivial baselines on the same rows. */

import type { ComparedResponses, PreferencePair, RowRecord, ScoredResponse } from '../../datasets/records.ts';
import { StudioError } from '../../errors.ts';
import { bestConstant, chance, chanceLoss, majorityClass, pickLonger } from '../../methods/baselines.ts';
import type { Evaluation } from '../../methods/evaluation.ts';
import {
  absoluteErrors,
  meanMeasure,
  quadraticWeightedKappa,
  ranked,
  shareMeasure,
  surprise,
} from '../../methods/metrics.ts';
import type { EmbeddedModel } from './model.ts';
import { LEVELS } from './ordinal-loss.ts';
import { compareResponses, type ResponseComparison, type ResponseScore, scoreResponse } from './score.ts';
import { rowsOfMethod } from './training-rows.ts';

/**
 * Fails with 'no-rows', or with 'invalid-row' for a record of another method.
 * Measures of Bradley-Terry: pair accuracy, log-loss, mean margin. Pointwise: mean absolute error of the expected
 * score, exact accuracy of the median score, quadratic kappa, log-loss. Pairwise: exact accuracy of the verdict;
 * decided accuracy, for which the model must choose a side even where its verdict is a tie; log-loss.
 */
export function evaluateEmbedded(model: EmbeddedModel, records: readonly RowRecord[]): Evaluation {
  if (records.length === 0) {
    throw new StudioError('no-rows', 'There are no rows to evaluate on.', { hint: 'Choose a dataset with rows.' });
  }
  const rows = rowsOfMethod(model.method, records, model.data.path).map(({ record }) => record);
  switch (model.method) {
    case 'bradley-terry':
      return evaluatePairs(model, rows as PreferencePair[]);
    case 'pointwise':
      return evaluateScores(model, rows as ScoredResponse[]);
    case 'pairwise':
      return evaluateVerdicts(model, rows as ComparedResponses[]);
  }
}

function evaluatePairs(model: EmbeddedModel, pairs: readonly PreferencePair[]): Evaluation {
  const margins = pairs.map(({ prompt, chosen, rejected }) => compareResponses(model, prompt, chosen, rejected));
  return pairEvaluation(pairs, margins);
}

/** From the comparisons of chosen (A) with rejected (B). */
export function pairEvaluation(
  pairs: readonly PreferencePair[],
  comparisons: readonly ResponseComparison[],
): Evaluation {
  const sides = pairs.map(({ chosen, rejected }) => ({ better: chosen, worse: rejected }));
  return {
    method: 'bradley-terry',
    n: pairs.length,
    measures: [
      shareMeasure(
        'pair-accuracy',
        comparisons.map(({ margin }) => ranked(margin, 0)),
      ),
      meanMeasure(
        'log-loss',
        comparisons.map(({ probabilityA }) => surprise(probabilityA)),
      ),
      meanMeasure(
        'mean-margin',
        comparisons.map(({ margin }) => margin),
      ),
    ],
    baselines: [
      pickLonger('pair-accuracy', sides),
      chance('pair-accuracy', pairs.length, 2),
      chanceLoss(pairs.length, 2),
    ],
  };
}

function evaluateScores(model: EmbeddedModel, rows: readonly ScoredResponse[]): Evaluation {
  return scoreEvaluation(
    rows,
    rows.map(({ prompt, response }) => scoreResponse(model, prompt, response)),
  );
}

export function scoreEvaluation(rows: readonly ScoredResponse[], scores: readonly ResponseScore[]): Evaluation {
  const labels = rows.map(({ score }) => score);
  const predicted = scores.map(({ label }) => label!);
  const errors = absoluteErrors(
    scores.map(({ score }) => score),
    labels,
  );
  return {
    method: 'pointwise',
    n: rows.length,
    measures: [
      meanMeasure('mean-absolute-error', errors),
      shareMeasure(
        'exact-accuracy',
        predicted.map((label, row) => (label === labels[row] ? 1 : 0)),
      ),
      quadraticWeightedKappa(predicted, labels, LEVELS),
      meanMeasure(
        'log-loss',
        scores.map(({ probabilities }, row) => surprise(probabilities![labels[row]!]!)),
      ),
    ],
    baselines: [
      bestConstant(labels),
      majorityClass(labels),
      chance('exact-accuracy', rows.length, LEVELS),
      chanceLoss(rows.length, LEVELS),
    ],
  };
}

function evaluateVerdicts(model: EmbeddedModel, rows: readonly ComparedResponses[]): Evaluation {
  return verdictEvaluation(
    rows,
    rows.map(({ prompt, responseA, responseB }) => compareResponses(model, prompt, responseA, responseB)),
  );
}

export function verdictEvaluation(
  rows: readonly ComparedResponses[],
  comparisons: readonly ResponseComparison[],
): Evaluation {
  const right = rows.map(({ preferred }, row) => (comparisons[row]!.verdict === preferred ? 1 : 0));
  const decided = rows.flatMap(({ preferred, responseA, responseB }, row) => {
    if (preferred === 'tie') return [];
    const forA = preferred === 'A';
    const margin = comparisons[row]!.margin;
    return {
      outcome: ranked(forA ? margin : -margin, 0),
      better: forA ? responseA : responseB,
      worse: forA ? responseB : responseA,
    };
  });
  const losses = rows.map(({ preferred }, row) => {
    const { probabilityA, probabilityTie, probabilityB } = comparisons[row]!;
    return surprise(preferred === 'A' ? probabilityA : preferred === 'B' ? probabilityB : (probabilityTie ?? 0));
  });
  const decidedMeasures =
    decided.length === 0
      ? []
      : [
          shareMeasure(
            'decided-accuracy',
            decided.map((row) => row.outcome),
          ),
        ];
  const decidedBaselines =
    decided.length === 0
      ? []
      : [pickLonger('decided-accuracy', decided), chance('decided-accuracy', decided.length, 2)];
  return {
    method: 'pairwise',
    n: rows.length,
    measures: [shareMeasure('exact-accuracy', right), ...decidedMeasures, meanMeasure('log-loss', losses)],
    baselines: [
      majorityClass(rows.map(({ preferred }) => preferred)),
      ...decidedBaselines,
      chance('exact-accuracy', rows.length, 3),
      chanceLoss(rows.length, 3),
    ],
  };
}
