/** A grader of the registry, ready to be measured: nobody tells what it was trained on. */

import type { Grader } from '../graders/grader.ts';
import type { Scale } from '../methods/method.ts';
import type { JudgedMethod } from './labelled-rows.ts';
import type { EvaluatedModel } from './open-model.ts';

/** Whose labels a scale is measured by. */
const METHOD_OF_SCALE: Readonly<Record<Scale, JudgedMethod>> = {
  'logit-within-prompt': 'bradley-terry',
  'score-0-4': 'pointwise',
  'preference-a-b-tie': 'pairwise',
};

export const methodOfScale = (scale: Scale): JudgedMethod => METHOD_OF_SCALE[scale];

/** @param opened a grader that was opened for a whole file */
export function evaluatedGrader({
  grader,
  model,
  concurrency,
}: {
  readonly grader: Grader;
  readonly model: string;
  readonly concurrency: number;
}): EvaluatedModel {
  return {
    grader,
    kind: grader.kind,
    method: methodOfScale(grader.scale),
    model,
    trainedAt: '',
    concurrency,
    trainingData: undefined,
    run: undefined,
  };
}
