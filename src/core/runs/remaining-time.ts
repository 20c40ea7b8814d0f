/** How long an active run still takes, at the pace it has had so far. */

import { ACTIVE_STATUSES, progressOf, type RunState } from './state.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Milliseconds; undefined where the trainer has not said how many steps there are or has just begun. An attempt that
 * goes on from a checkpoint has no pace of its own that its step could tell.
 */
export function remainingMs({ fold, ...state }: RunState, now = Date.now()): number | undefined {
  const share = progressOf({ fold, ...state });
  if (!ACTIVE_STATUSES.has(state.status) || !share || fold.startedAt === undefined || fold.attempt > 1)
    return undefined;
  const elapsed = now - Date.parse(fold.startedAt);
  return elapsed > 0 ? (elapsed * (1 - share)) / share : undefined;
}

/** "14 min left": two digits at most, since it is an estimate. */
export function describeRemaining(ms: number): string {
  if (ms < MINUTE) return `${Math.max(1, Math.round(ms / SECOND))} s left`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)} min left`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h left`;
  return `${Math.round(ms / DAY)} days left`;
}
