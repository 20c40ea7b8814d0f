/** Looks at a run until it has ended. */

import type { RunObserver } from '../core/runs/observe.ts';
import { ACTIVE_STATUSES, type RunState } from '../core/runs/state.ts';

const LOOK_MS = 100;

export interface FollowOptions {
  /** Asked before every look: the state so far is the answer once it is aborted. */
  readonly signal: AbortSignal;
  readonly show: (state: RunState) => Promise<void>;
  /** Where the run was started here: it has not ended before this resolves. */
  readonly ended?: Promise<void>;
}

export async function followRun(observer: RunObserver, { signal, show, ended }: FollowOptions): Promise<RunState> {
  let over = ended === undefined;
  const end = ended?.then(() => {
    over = true;
  });
  for (;;) {
    const state = await observer.observe();
    await show(state);
    if (signal.aborted || (over && !ACTIVE_STATUSES.has(state.status))) return state;
    await nextLook(signal, over ? undefined : end);
  }
}

/** A moment, or until the run has ended or nobody wants to follow it any more. */
export function nextLook(signal: AbortSignal, ended?: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_MS);
    signal.addEventListener('abort', done);
    void ended?.then(done);
  });
}
