/** Passes on to a job elsewhere what is asked in the control log of its run, each request once and until it has arrived. */

import { setTimeout as wait } from 'node:timers/promises';
import type { StopStep } from '../../targets/remote/remote-target.ts';
import { type ControlEntry, controlEntrySchema } from '../events.ts';
import { readLog } from '../json-lines-log.ts';

const LOOK_MS = 200;
const RETRY_MS = 2_000;

export interface StopRelay {
  readonly controlFile: string;
  readonly attempt: number;
  /** What was passed on before this process: a stop is asked for again, which does no harm. */
  readonly stop: (step: StopStep) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Goes on until `signal` ends it. */
export async function relayStops({ controlFile, attempt, stop, onFailure }: StopRelay, signal: AbortSignal) {
  let offset = 0;
  let wanted: StopStep | undefined;
  while (!signal.aborted) {
    const slice = await readLog(controlFile, controlEntrySchema, offset).catch(() => undefined);
    if (slice) {
      offset = slice.offset;
      // The newest says most: a signal comes after the request for a checkpoint.
      wanted = slice.entries.filter((entry) => entry.attempt === attempt).reduce(newer, wanted);
    }
    if (wanted !== undefined) {
      const asked = wanted;
      wanted = undefined;
      try {
        await stop(asked);
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error);
        wanted = asked;
        await pause(RETRY_MS, signal);
      }
    }
    await pause(LOOK_MS, signal);
  }
}

const newer = (before: StopStep | undefined, entry: ControlEntry): StopStep | undefined =>
  entry.kind === 'stop-requested' ? (entry.signal ?? 'checkpoint') : before;

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch(() => {});
