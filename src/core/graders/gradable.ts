import { METHODS } from '../methods/method.ts';
import type { RunState } from '../runs/state.ts';

/** The model of this run can grade text here. What a trainer of one's own wrote is not known. */
export const isGradable = ({ status, fold, spec }: RunState): boolean =>
  (spec.engine === 'embedded' || spec.engine === 'trl') &&
  status === 'finished' &&
  fold.result !== undefined &&
  METHODS[spec.method].scale !== undefined;
