/** Stopping a run elsewhere: what is asked stands in its control log, and its connector passes it on. */

import { setTimeout as wait } from 'node:timers/promises';
import type { StopGrace } from '../../targets/target.ts';
import { appendControl } from '../control-log.ts';
import type { RunObserver } from '../observe.ts';
import { ACTIVE_STATUSES } from '../state.ts';

const LOOK_MS = 200;

/** After the request for a checkpoint, which is written already: waits, and asks with one signal after the other. */
export async function stopElsewhere(observer: RunObserver, { checkpointMs, signalMs }: StopGrace): Promise<void> {
  if (await endsWithin(observer, checkpointMs)) return;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    const { fold } = await observer.observe();
    await appendControl(observer.folder, fold.attempt, { kind: 'stop-requested', signal });
    if (await endsWithin(observer, signalMs)) return;
  }
}

async function endsWithin(observer: RunObserver, ms: number): Promise<boolean> {
  const since = performance.now();
  for (;;) {
    const { status } = await observer.observe();
    if (!ACTIVE_STATUSES.has(status)) return true;
    if (performance.now() - since >= ms) return false;
    await wait(LOOK_MS);
  }
}
