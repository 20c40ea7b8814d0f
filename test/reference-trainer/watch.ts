/** Waiting for what a run's logs say, and its curve over all attempts. */

import assert from 'node:assert/strict';
import { type ControlEntry, controlEntrySchema, type RunEvent, runEventSchema } from '../../src/core/runs/events.ts';
import { readLog } from '../../src/core/runs/json-lines-log.ts';
import { RunObserver } from '../../src/core/runs/observe.ts';
import type { RunState } from '../../src/core/runs/state.ts';
import type { RunFolder } from '../../src/core/runs/store.ts';
import { initialState, makePairs, trainStep } from './model.ts';
import { referenceSettingsSchema } from './settings.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** The first event that fits. */
export async function untilEvent(folder: RunFolder, fits: (event: RunEvent) => boolean): Promise<RunEvent> {
  for (let offset = 0; ; await nextTurn()) {
    const slice = await readLog(folder.eventsFile, runEventSchema, offset);
    offset = slice.offset;
    const found = slice.entries.find(fits);
    if (found) return found;
  }
}

export const untilStep = (folder: RunFolder, attempt: number, step: number) =>
  untilEvent(folder, (event) => event.kind === 'metrics' && event.attempt === attempt && event.step >= step);

export async function untilControl(folder: RunFolder, fits: (entry: ControlEntry) => boolean): Promise<ControlEntry> {
  for (;;) {
    const { entries } = await readLog(folder.controlFile, controlEntrySchema);
    const found = entries.find(fits);
    if (found) return found;
    await nextTurn();
  }
}

export async function untilState(observer: RunObserver, fits: (state: RunState) => boolean): Promise<RunState> {
  for (;;) {
    const state = await observer.observe();
    if (fits(state)) return state;
    await nextTurn();
  }
}

/** Loss by step: where attempts overlap, the latest counts. The order of lines in the log is that of the attempts. */
export async function lossCurve(
  folder: RunFolder,
  damage: 'no damaged lines' | 'damaged lines may be' = 'no damaged lines',
): Promise<Map<number, number>> {
  const { entries, problems } = await readLog(folder.eventsFile, runEventSchema);
  if (damage === 'no damaged lines') assert.deepEqual(problems, [], damage);
  const curve = new Map<number, number>();
  for (const event of entries) {
    if (event.kind === 'metrics') curve.set(event.step, event.values['train/loss']!);
  }
  return curve;
}

/** The curve of the same training without a process that could be killed. */
export function uninterruptedCurve(settings: Record<string, unknown>, seed: number): Map<number, number> {
  const complete = { ...referenceSettingsSchema.parse(settings), seed };
  const pairs = makePairs(complete);
  const state = initialState(complete);
  const curve = new Map<number, number>();
  while (state.step < complete.steps) {
    const { loss } = trainStep(state, pairs, complete);
    curve.set(state.step, loss);
  }
  return curve;
}

/** The state of a run as a host that has just been started sees it. */
export const freshState = async (folder: RunFolder): Promise<RunState> =>
  new RunObserver(folder, await folder.readSpec()).observe();
