/** Whether a run can be measured now. */

import { StudioError } from '../../core/errors.ts';
import { METHODS } from '../../core/methods/method.ts';
import type { RunState } from '../../core/runs/state.ts';

/** @throws StudioError 'invalid-model' for a run that has no model that scores */
export function requireModel({ spec, status, fold, folder }: RunState): void {
  if (METHODS[spec.method].scale === undefined) {
    throw new StudioError('invalid-model', `A model of ${METHODS[spec.method].title} gives no scores.`, {
      where: { file: folder },
      hint: 'Choose a run of another method.',
    });
  }
  if (status === 'finished' && fold.result) return;
  throw new StudioError('invalid-model', `"${spec.name}" has no model: it is ${status}.`, {
    where: { file: folder },
    hint: 'Wait until it has finished, or choose another run.',
  });
}
