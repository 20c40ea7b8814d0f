/** What is told of time where a clock was set while a run went on. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { formatAge } from '../../../src/core/graders/grade-card.ts';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { remainingMs } from '../../../src/core/runs/remaining-time.ts';
import { RunFolder } from '../../../src/core/runs/store.ts';
import { FollowedRun } from '../../../src/workers/follow-run/followed-run.ts';
import { summaryOf } from '../../../src/workers/follow-run/summary.ts';
import { WrittenRun } from '../../runs/written-run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const START = Date.parse('2026-01-02T03:04:05.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A run of 2 s a step whose clock is off by `offset` from step 20 on, as its own process tells of it. */
async function runWithJump(offset: number, { steps = 40, pauses = 0 } = {}) {
  const run = new WrittenRun(temporaryFolder(), 'jumped');
  await run.launch();
  for (let step = 1; step <= steps; step += 1) {
    const pause = pauses * Math.floor(step / 10) * 1_000;
    const at = new Date(START + step * 2_000 + pause + (step >= 20 ? offset : 0));
    run.event({ kind: 'metrics', step, total_steps: 100, values: { 'train/loss': 0.5 } }, at);
  }
  return run;
}

async function stateOf({ folder }: WrittenRun) {
  const files = new RunFolder(folder);
  return new RunObserver(files, await files.readSpec()).observe();
}

async function summaryAt(run: WrittenRun, now: Date) {
  const followed = new FollowedRun(run.folder, () => {});
  onTestFinished(() => followed.close());
  return summaryOf(followed, now);
}

describe('the time that is left', () => {
  for (const [how, offset] of [
    ['as it is', 0],
    ['back by an hour', -HOUR],
    ['forward by an hour', HOUR],
    ['to another year', -365 * 24 * HOUR],
  ] as const) {
    it(`is that of the steps, with the clock set ${how}`, async () => {
      const state = await stateOf(await runWithJump(offset));
      expect(state.secondsPerStep).toBeCloseTo(2);
      expect(remainingMs(state)).toBeCloseTo(60 * 2_000);
    });
  }

  it('counts evaluations between the steps', async () => {
    const state = await stateOf(await runWithJump(0, { steps: 60, pauses: 10 }));
    expect(state.secondsPerStep).toBeCloseTo(3);
  });

  it('is not known of a run that has just begun, nor by the steps of an earlier attempt', async () => {
    const run = await runWithJump(0, { steps: 1 });
    expect(remainingMs(await stateOf(run))).toBeUndefined();
    const resumed = await runWithJump(0);
    resumed.nextAttempt();
    await resumed.launch();
    expect(remainingMs(await stateOf(resumed))).toBeUndefined();
    const metrics = (step: number, at: number) =>
      resumed.event({ kind: 'metrics', step, total_steps: 100, values: { 'train/loss': 0.5 } }, new Date(at));
    metrics(31, START + HOUR);
    metrics(32, START + HOUR + 5_000);
    expect(remainingMs(await stateOf(resumed))).toBeCloseTo(68 * 5_000);
  });
});

describe('the panel', () => {
  it('never tells a negative time, whatever the clock says', async () => {
    const run = await runWithJump(0);
    for (const now of [START, START + HOUR, 0]) {
      const { elapsedSeconds, secondsLeft, secondsPerStep } = await summaryAt(run, new Date(now));
      expect(elapsedSeconds).toBeGreaterThanOrEqual(0);
      expect(secondsLeft).toBeCloseTo(120);
      expect(secondsPerStep).toBeCloseTo(2);
    }
  });

  it('tells as elapsed what the steps took, where the clock says that the run has not begun', async () => {
    expect((await summaryAt(await runWithJump(0), new Date(0))).elapsedSeconds).toBeCloseTo(39 * 2);
  });
});

it('an age is never negative: what is of the future is of now', () => {
  expect(formatAge(new Date(START + 5 * HOUR), new Date(START))).toBe('just now');
  expect(formatAge(new Date(START), new Date(START + 5 * MINUTE))).toBe('5 min ago');
});
