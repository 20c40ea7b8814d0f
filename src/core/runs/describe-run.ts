/** A run as JSON for scripts: the same words as in the files on disk. */

import path from 'node:path';
import type { RunState } from './state.ts';

export function describeRun(state: RunState) {
  const { spec, fold } = state;
  return {
    id: spec.id,
    name: spec.name,
    ...(spec.experiment === undefined ? {} : { experiment: spec.experiment }),
    ...(spec.imported === undefined ? {} : { imported: spec.imported }),
    status: state.status,
    method: spec.method,
    engine: spec.engine,
    target: spec.target,
    created_at: spec.created_at,
    updated_at: fold.updatedAt,
    data: spec.data,
    settings: spec.settings,
    seed: spec.seed,
    folder: state.folder,
    step: fold.step,
    total_steps: fold.totalSteps,
    metrics: fold.metrics,
    alerts: fold.alerts,
    warnings: [...fold.warnings, ...state.logProblems.map((problem) => `damaged log line: ${problem}`)],
    ...(fold.result
      ? {
          model: path.join(state.folder, fold.result.model),
          train_rows: fold.result.trainRows,
          validation_rows: fold.result.validationRows,
          evaluation: fold.result.evaluation,
        }
      : {}),
    ...(state.failure ? { failure: state.failure } : {}),
  };
}
