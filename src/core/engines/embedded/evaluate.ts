/** Evaluates an embedded model on canonical records, beside the trivial baselines on the same rows. */

import type { ComparedResponses, PreferencePair, RowRecord, ScoredResponse } from '../../datasets/records.ts';
import { StudioError } from '../../errors.ts';
import { longerIsBetter } from '../../methods/baselines.ts';
import type { Evaluation } from '../../methods/evaluation.ts';
import { PairTally, ScoreTally, VerdictTally } from '../../methods/evaluation-tally.ts';
import type { EmbeddedModel } from './model.ts';
import { compareResponses, type ResponseComparison, type ResponseScore, scoreResponse } from './score.ts';
import { rowsOfMethod } from './training-rows.ts';

/** Fails with 'no-rows', or with 'invalid-row' for a record of another method. */
export function evaluateEmbedded(model: EmbeddedModel, records: readonly RowRecord[]): Evaluation {
  if (records.length === 0) {
    throw new StudioError('no-rows', 'There are no rows to evaluate on.', { hint: 'Choose a dataset with rows.' });
  }
  const rows = rowsOfMethod(model.method, records, model.data.path).map(({ record }) => record);
  switch (model.method) {
    case 'bradley-terry': {
      const pairs = rows as PreferencePair[];
      const compare = ({ prompt, chosen, rejected }: PreferencePair) =>
        compareResponses(model, prompt, chosen, rejected);
      return pairEvaluation(pairs, pairs.map(compare));
    }
    case 'pointwise': {
      const scored = rows as ScoredResponse[];
      return scoreEvaluation(
        scored,
        scored.map(({ prompt, response }) => scoreResponse(model, prompt, response)),
      );
    }
    case 'pairwise': {
      const compared = rows as ComparedResponses[];
      const compare = ({ prompt, responseA, responseB }: ComparedResponses) =>
        compareResponses(model, prompt, responseA, responseB);
      return verdictEvaluation(compared, compared.map(compare));
    }
  }
}

/** From the comparisons of chosen (A) with rejected (B). */
export function pairEvaluation(
  pairs: readonly PreferencePair[],
  comparisons: readonly ResponseComparison[],
): Evaluation {
  const tally = new PairTally();
  pairs.forEach(({ kind, chosen, rejected }, row) => {
    const { margin, probabilityA } = comparisons[row]!;
    tally.add({ kind, margin, probability: probabilityA, longer: longerIsBetter(chosen, rejected) });
  });
  return tally.evaluation();
}

export function scoreEvaluation(rows: readonly ScoredResponse[], scores: readonly ResponseScore[]): Evaluation {
  const tally = new ScoreTally();
  rows.forEach(({ kind, score: label }, row) => {
    const { score, label: answer, probabilities } = scores[row]!;
    tally.add({ kind, score, answer: answer!, label, probabilities: probabilities ?? null });
  });
  return tally.evaluation();
}

export function verdictEvaluation(
  rows: readonly ComparedResponses[],
  comparisons: readonly ResponseComparison[],
): Evaluation {
  const tally = new VerdictTally();
  rows.forEach(({ kind, preferred, responseA, responseB }, row) => {
    const { margin, verdict, probabilityA, probabilityB, probabilityTie } = comparisons[row]!;
    const longer =
      preferred === 'tie'
        ? null
        : preferred === 'A'
          ? longerIsBetter(responseA, responseB)
          : longerIsBetter(responseB, responseA);
    const probabilities = { A: probabilityA, B: probabilityB, tie: probabilityTie ?? 0 };
    tally.add({ kind, margin, verdict, preferred, probabilities, longer });
  });
  return tally.evaluation();
}
