/** One line of a look before a run: what was looked at, what was found, and whether it stands in the way. */

import type { Finding } from '../datasets/checks/check.ts';
import { describeError, toStudioError } from '../errors.ts';

export interface PreflightCheck {
  readonly what:
    | 'engine'
    | 'target'
    | 'settings'
    | 'training data'
    | 'validation data'
    | 'base model'
    | 'environment'
    | 'memory'
    | 'disk'
    | 'port'
    | 'run';
  /** An error stands in the way of the run; a warning is for the person to weigh. */
  readonly severity: 'ok' | 'warning' | 'error';
  readonly detail: string;
  /** What the checks of the data found. */
  readonly findings?: readonly Pick<Finding, 'severity' | 'message'>[];
}

/** @throws what is no fault of the run: a defect of ours, or that the person has cancelled */
export function failedCheck(what: PreflightCheck['what'], error: unknown): PreflightCheck {
  const known = toStudioError(error);
  if (!known || known.code === 'cancelled') throw error;
  return { what, severity: 'error', detail: describeError(known) };
}
