/** How long an active run still takes, at the pace of its newest steps: no clock of this machine is asked. */

import { ACTIVE_STATUSES, type RunState } from './state.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds; undefined where the trainer has not said how many steps there are, or has just begun. */
export function remainingMs({ status, fold, secondsPerStep }: RunState): number | undefined {
  const { step, totalSteps } = fold;
  if (!ACTIVE_STATUSES.has(status) || step === undefined || totalSteps === undefined) return undefined;
  return secondsPerStep === undefined ? undefined : Math.max(0, totalSteps - step) * secondsPerStep * SECOND;
}

/** "14 min left": two digits at most, since it is an estimate. */
export function describeRemaining(ms: number): string {
  if (ms < MINUTE) return `${Math.max(1, Math.round(ms / SECOND))} s left`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)} min left`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h left`;
  return `${Math.round(ms / DAY)} days left`;
}
