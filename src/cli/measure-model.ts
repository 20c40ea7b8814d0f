/** A grader measured on a file, with progress on the terminal; what it has started is ended with it. */

import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { evaluateFile } from '../core/evaluations/evaluate-file.ts';
import type { EvaluatedModel } from '../core/evaluations/open-model.ts';
import type { EvaluationReport } from '../core/evaluations/report.ts';
import { interruptSignal } from './arguments.ts';
import { ProgressLine } from './output.ts';

export interface MeasureOptions {
  readonly map?: Record<string, string> | undefined;
  /** Decides which response of a pair is shown first. */
  readonly seed: number;
}

export function measureModel(
  model: EvaluatedModel,
  file: string,
  { map, seed }: MeasureOptions,
): Promise<EvaluationReport> {
  const progress = new ProgressLine();
  return evaluateFile(model, {
    // As in the editor, so that a saved one is found wherever it is opened.
    file: path.resolve(file),
    map,
    seed,
    run: model.run && { id: model.run.id, name: model.run.name },
    trainingData: model.trainingData,
    version: packageJson.version,
    signal: interruptSignal(),
    onProgress: ({ share, message }) => progress.show(`${Math.round(share * 100)} %  ${message}`),
  }).finally(() => {
    progress.clear();
    model.grader.dispose();
  });
}
