import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { controlEntrySchema } from '../../../src/core/runs/events.ts';
import { readLog } from '../../../src/core/runs/json-lines-log.ts';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { launchQueued } from '../../../src/core/runs/queue.ts';
import { resumeRun, type StartedRun, startRun, stopRun } from '../../../src/core/runs/start.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { DEFAULT_STOP_GRACE } from '../../../src/core/targets/target.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';
import type { ReferenceSettings } from '../../reference-trainer/settings.ts';
import { startHost } from '../../reference-trainer/start-host.ts';
import { freshState, lossCurve, uninterruptedCurve, untilControl, untilStep } from '../../reference-trainer/watch.ts';
import { killAndResume } from '../../soak/killed-and-resumed.ts';
import { killHost } from '../../soak/killed-host.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const runtime = checkoutRuntime(root);

/** Started in the store, and ended with the test. */
async function start(store: RunStore, settings: ReferenceSettings = {}): Promise<StartedRun> {
  const run = await startRun(store, referenceDraft(root, settings), runtime);
  onTestFinished(() => endTrainer(run.pid));
  return run;
}

function endTrainer(pid: number | null | undefined): void {
  if (pid == null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const observerOf = (run: StartedRun) => new RunObserver(run.folder, run.spec);

describe('stopping a run', () => {
  it('gives it the time to write a checkpoint, from which it goes on to the curve of a run left alone', async () => {
    const store = new RunStore(temporaryFolder());
    const settings = { hold_at_step: 23 };
    const run = await start(store, settings);
    await untilStep(run.folder, 1, 23);
    const stopped = await stopRun(observerOf(run));
    await run.ended;
    expect(stopped).toMatchObject({ status: 'stopped', fold: { checkpoint: { step: 23 } } });
    expect(await freshState(run.folder)).toMatchObject({ fold: { exit: { code: 3, signal: null } } });

    const resumed = await resumeRun(store, run, runtime);
    await resumed.ended;
    expect(await freshState(run.folder)).toMatchObject({ status: 'finished', fold: { attempt: 2, step: 60 } });
    const { entries } = await readLog(run.folder.controlFile, controlEntrySchema);
    expect(entries.filter((entry) => entry.kind === 'launched')).toMatchObject([
      { attempt: 1 },
      { attempt: 2, resumed_from: { step: 23, path: 'checkpoints/step-23.json' } },
    ]);
    expect(await lossCurve(run.folder)).toEqual(uninterruptedCurve(settings, 1));
  });

  it('interrupts a trainer that looks for no request, which ends as if it had been asked', async () => {
    const run = await start(new RunStore(temporaryFolder()), { hold_at_step: 5, reads_requests: false });
    await untilStep(run.folder, 1, 5);
    const stopped = await stopRun(observerOf(run), { ...DEFAULT_STOP_GRACE, checkpointMs: 0 });
    expect(stopped).toMatchObject({ status: 'stopped', fold: { checkpoint: { step: 5 } } });
  });

  it('kills a trainer that listens to nothing', async () => {
    const run = await start(new RunStore(temporaryFolder()), { hold_at_step: 5, deaf: true });
    await untilStep(run.folder, 1, 5);
    const stopped = await stopRun(observerOf(run), { checkpointMs: 0, signalMs: 100 });
    await run.ended;
    expect(stopped).toMatchObject({ status: 'stopped', fold: { checkpoint: undefined } });
    expect(await freshState(run.folder)).toMatchObject({ status: 'stopped', fold: { exit: { signal: 'SIGKILL' } } });
  });
});

describe('resuming a run', () => {
  it.each([1, 2, 3])('killed at random moments gives the curve of a run left alone (seed %i)', async (seed) => {
    expect(await killAndResume(root, temporaryFolder(), seed)).toBeGreaterThan(0);
  });

  it('is refused, with the reason, while it runs, without a checkpoint, and once it has finished', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { hold_at_step: 5, deaf: true });
    await untilStep(run.folder, 1, 5);
    await expect(resumeRun(store, run, runtime)).rejects.toMatchObject({ code: 'run-busy' });
    endTrainer(run.pid);
    await run.ended;
    const without = { code: 'not-available', message: 'This run has written no checkpoint to go on from.' };
    await expect(resumeRun(store, run, runtime)).rejects.toMatchObject(without);
    const other = await start(store);
    await other.ended;
    const finished = { code: 'not-available', message: 'This run has finished.' };
    await expect(resumeRun(store, other, runtime)).rejects.toMatchObject(finished);
  });

  it('is refused where the checkpoint is gone, and where the trainer cannot', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { hold_at_step: 5 });
    await untilStep(run.folder, 1, 5);
    await stopRun(observerOf(run));
    const spec = { ...run.spec, settings: { ...run.spec.settings, resumes: false } };
    await expect(resumeRun(store, { ...run, spec }, runtime)).rejects.toThrow(
      'The settings of this run say that its trainer does not go on from a checkpoint.',
    );
    await expect(resumeRun(store, { ...run, spec: { ...spec, engine: 'embedded' } }, runtime)).rejects.toThrow(
      'The engine "embedded" cannot resume a run.',
    );
    rmSync(path.join(run.folder.path, 'checkpoints'), { recursive: true });
    await expect(resumeRun(store, run, runtime)).rejects.toThrow('Its checkpoint of step 5 is no longer there.');
    expect((await freshState(run.folder)).status).toBe('stopped');
  });
});

describe('the queue of a target', () => {
  it('lets one training run at a time, the next in the order of asking', async () => {
    const store = new RunStore(temporaryFolder());
    const first = await start(store, { hold_at_step: 1 });
    const second = await start(store, { hold_at_step: 1 });
    const third = await start(store);
    expect([second.pid, third.pid]).toEqual([undefined, undefined]);
    expect((await freshState(second.folder)).status).toBe('queued');
    expect((await launchQueued(store, runtime)).launched).toEqual([]);
    await untilStep(first.folder, 1, 1);
    await stopRun(observerOf(first));
    await untilStep(second.folder, 1, 1);
    expect((await launchQueued(store, runtime)).launched).toEqual([]);
    expect((await freshState(third.folder)).status).toBe('queued');
    await stopRun(observerOf(second));
    await third.ended;
    expect((await freshState(third.folder)).status).toBe('finished');
  });

  it('lets as many run as it is allowed to', async () => {
    const store = new RunStore(temporaryFolder());
    const both = { maxConcurrent: 2 };
    const runs = [1, 2, 3].map(() => referenceDraft(root, { hold_at_step: 1 }));
    const started: StartedRun[] = [];
    for (const draft of runs) started.push(await startRun(store, draft, runtime, both));
    onTestFinished(() => {
      for (const { pid } of started) endTrainer(pid);
    });
    expect(started.map(({ pid }) => pid !== undefined)).toEqual([true, true, false]);
    await stopRun(observerOf(started[2]!));
  });

  it('launches a run once, however many hosts notice that its turn has come', async () => {
    const store = new RunStore(temporaryFolder());
    const first = await start(store, { hold_at_step: 1 });
    const second = await start(store);
    await untilStep(first.folder, 1, 1);
    await stopRun(observerOf(first));
    await Promise.all([1, 2, 3, 4].map(() => launchQueued(store, runtime)));
    await second.ended;
    const { entries } = await readLog(second.folder.controlFile, controlEntrySchema);
    expect(entries.filter((entry) => entry.kind === 'launched')).toHaveLength(1);
  });

  it('forgets a run that is stopped while it waits', async () => {
    const store = new RunStore(temporaryFolder());
    const first = await start(store, { hold_at_step: 1 });
    const second = await start(store);
    expect((await stopRun(observerOf(second))).status).toBe('stopped');
    await untilStep(first.folder, 1, 1);
    await stopRun(observerOf(first));
    expect((await launchQueued(store, runtime)).launched).toEqual([]);
    expect((await freshState(second.folder)).status).toBe('stopped');
  });

  it('fails a run whose checkpoint has gone while it waited, instead of trying for ever', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { hold_at_step: 5 });
    await untilStep(run.folder, 1, 5);
    await stopRun(observerOf(run));
    const other = await start(store, { hold_at_step: 1 });
    const resumed = await resumeRun(store, run, runtime);
    expect(resumed.pid).toBeUndefined();
    rmSync(path.join(run.folder.path, 'checkpoints'), { recursive: true });
    await untilStep(other.folder, 1, 1);
    await stopRun(observerOf(other));
    await launchQueued(store, runtime);
    expect(await freshState(run.folder)).toMatchObject({ status: 'failed', fold: { attempt: 2 } });
    expect(await launchQueued(store, runtime)).toEqual({ launched: [], failed: [] });
  });

  it('keeps a run waiting when the host that asked is killed, for the next host to launch', async () => {
    const folder = temporaryFolder();
    const store = new RunStore(folder);
    const first = await start(store, { hold_at_step: 1 });
    const host = startHost(root, folder, {});
    const { id } = await host.run;
    await host.kill();
    const waiting = await store.find(id);
    expect((await freshState(waiting.folder)).status).toBe('queued');
    await untilStep(first.folder, 1, 1);
    await stopRun(observerOf(first));
    const { launched } = await launchQueued(store, runtime);
    await launched[0]?.ended;
    expect((await freshState(waiting.folder)).status).toBe('finished');
  });
});

describe('a host that is killed', () => {
  it('leaves its trainer running, and the next host finds it by pid and start time', async () => {
    const folder = temporaryFolder();
    const host = startHost(root, folder, { hold_at_step: 5 });
    const { id, pid } = await host.run;
    onTestFinished(() => endTrainer(pid));
    await host.kill();
    const run = await new RunStore(folder).find(id);
    await untilStep(run.folder, 1, 5);
    const observer = new RunObserver(run.folder, run.spec);
    expect(await observer.observe()).toMatchObject({ status: 'running', fold: { process: { pid } } });
    expect(await stopRun(observer)).toMatchObject({ status: 'stopped', fold: { checkpoint: { step: 5 } } });
  });
});

describe('a host that is killed at a random moment', () => {
  it.each([1, 2])('alone or with its trainer loses nothing (seed %i)', async (seed) => {
    await killHost(root, temporaryFolder(), seed);
  });
});

describe('a run whose folder is deleted', () => {
  it('is told in a sentence, however it is watched', async () => {
    const folder = temporaryFolder();
    const run = await start(new RunStore(folder), { hold_at_step: 1 });
    const observer = observerOf(run);
    await untilControl(run.folder, (entry) => entry.kind === 'launched');
    renameSync(run.folder.path, path.join(folder, 'elsewhere'));
    await expect(observer.observe()).rejects.toMatchObject({
      code: 'run-not-found',
      message: 'The folder of this run has been deleted.',
    });
    endTrainer(run.pid);
    await run.ended;
  });
});
