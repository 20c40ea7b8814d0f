/** `trainer_state.json` of transformers and TRL: all that was logged up to a checkpoint, in `log_history`. */

import { StudioError } from '../../errors.ts';
import { type ForeignLog, metricsOf } from './foreign-log.ts';
import { isObject, numbersOf, parsePythonJson, pythonNumber, wholeNumber } from './python-json.ts';

export function isTrainerState(value: unknown): value is { log_history: unknown[] } {
  return isObject(value) && Array.isArray(value.log_history);
}

/** @throws StudioError 'damaged-file' */
export function readTrainerState(text: string, file: string): ForeignLog {
  const state = parse(text, file);
  const maxSteps = wholeNumber(state.max_steps);
  const totalSteps = maxSteps === 0 ? undefined : maxSteps;
  const warnings: string[] = [];
  const entries = state.log_history.flatMap((line, index) => {
    const step = isObject(line) ? wholeNumber(line.step) : undefined;
    if (!isObject(line) || step === undefined) {
      warnings.push(`log_history, entry ${index}: it names no step`);
      return [];
    }
    const { step: _, epoch: told, ...values } = line;
    const epoch = pythonNumber(told);
    return metricsOf({ step, totalSteps, epoch, values: numbersOf(values) }) ?? [];
  });
  const reached = wholeNumber(state.global_step);
  const finished = totalSteps !== undefined && reached !== undefined && reached >= totalSteps;
  return {
    format: 'trainer-state',
    entries,
    ending: finished ? { status: 'finished', message: `all ${totalSteps} steps` } : undefined,
    warnings,
  };
}

function parse(text: string, file: string): Record<string, unknown> & { log_history: unknown[] } {
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StudioError('damaged-file', `This is not JSON: ${detail}.`, { where: { file }, cause: error });
  }
  if (isTrainerState(value)) return value;
  throw new StudioError('unsupported-file', 'This JSON is no trainer_state.json: it has no log_history.', {
    where: { file },
  });
}
