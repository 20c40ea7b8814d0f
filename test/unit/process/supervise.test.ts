import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import type { Finding } from '../../../src/core/runs/alerts/rules.ts';
import { controlEntrySchema } from '../../../src/core/runs/events.ts';
import { readLog } from '../../../src/core/runs/json-lines-log.ts';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { enqueue } from '../../../src/core/runs/queue.ts';
import { resumeRun, type StartedRun, startRun, stopRun } from '../../../src/core/runs/start.ts';
import { type RunFolder, RunStore } from '../../../src/core/runs/store.ts';
import { RunSupervisor } from '../../../src/core/runs/supervise.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';
import type { ReferenceSettings } from '../../reference-trainer/settings.ts';
import { freshState, untilState, untilStep } from '../../reference-trainer/watch.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const runtime = checkoutRuntime(root);

async function start(store: RunStore, settings: ReferenceSettings): Promise<StartedRun> {
  const run = await startRun(store, referenceDraft(root, settings), runtime);
  onTestFinished(() => {
    stopTrainer(run);
  });
  return run;
}

function stopTrainer({ pid }: StartedRun): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A host of the store: looks at the run again and again until it has told as many alerts. */
function hostOf(store: RunStore) {
  const told: Finding[] = [];
  const supervisor = new RunSupervisor(store, runtime, () => ({}), {
    onAlert: (_state, finding) => told.push(finding),
    onLaunchFailure: (_folder, error) => {
      throw error;
    },
  });
  onTestFinished(() => supervisor.dispose());
  return {
    supervisor,
    told,
    look: async (run: { readonly folder: RunFolder }) => supervisor.look([await freshState(run.folder)]),
  };
}

async function alertsOf(run: StartedRun): Promise<string[]> {
  const { entries } = await readLog(run.folder.controlFile, controlEntrySchema);
  return entries.flatMap((entry) => (entry.kind === 'alert' ? [entry.alert] : []));
}

describe('a host', () => {
  it('writes down once that the loss is no number, whoever else looks', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { nan_at_step: 5, hold_at_step: 8 });
    await untilStep(run.folder, 1, 8);
    const hosts = [hostOf(store), hostOf(store)];
    while ((await alertsOf(run)).length === 0) for (const host of hosts) await host.look(run);
    for (const host of [...hosts, ...hosts]) await host.look(run);
    expect(await alertsOf(run)).toEqual(['loss-not-finite']);
    expect(hosts.flatMap(({ told }) => told)).toHaveLength(1);
    expect((await freshState(run.folder)).fold.alerts).toMatchObject([
      { alert: 'loss-not-finite', step: 5, message: 'train/loss is nan at step 5.' },
    ]);
  });

  it('takes over from one that has gone', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { nan_at_step: 5, hold_at_step: 8 });
    await untilStep(run.folder, 1, 8);
    const [first, second] = [hostOf(store), hostOf(store)];
    await first.look(run);
    await second.look(run);
    first.supervisor.dispose();
    while (second.told.length === 0) await second.look(run);
    expect(first.told).toEqual([]);
    expect(await alertsOf(run)).toEqual(['loss-not-finite']);
  });

  it('leaves what it finds to the next one, where it goes while it looks', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { nan_at_step: 5, hold_at_step: 8 });
    await untilStep(run.folder, 1, 8);
    const [first, second] = [hostOf(store), hostOf(store)];
    await first.look(run);
    const looking = first.look(run);
    first.supervisor.dispose();
    await looking;
    await first.look(run);
    expect(first.told).toEqual([]);
    expect(await alertsOf(run)).toEqual([]);
    while (second.told.length === 0) await second.look(run);
    expect(await alertsOf(run)).toEqual(['loss-not-finite']);
  });

  it('reads the line of the log that tells of memory, and does not tell the death of that process too', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { out_of_memory_at_step: 5 });
    await run.ended;
    const host = hostOf(store);
    // As a window that is opened after the end does: how it ended is in the log, but nobody has been told.
    const state = { ...(await freshState(run.folder)) };
    while (host.told.length === 0) await host.supervisor.look([{ ...state, fold: { ...state.fold, exit: undefined } }]);
    expect(host.told).toMatchObject([
      { alert: 'out-of-memory', message: expect.stringContaining('CUDA out of memory') },
    ]);
    expect(await alertsOf(run)).toEqual(['out-of-memory']);
  });

  it('tells of a trainer that was killed, with the checkpoint to go on from', async () => {
    const store = new RunStore(temporaryFolder());
    const run = await start(store, { checkpoint_every: 4, hold_at_step: 6 });
    const host = hostOf(store);
    await untilStep(run.folder, 1, 6);
    await host.look(run);
    stopTrainer(run);
    await run.ended;
    while (host.told.length === 0) await host.look(run);
    expect(host.told).toMatchObject([{ alert: 'process-gone', hint: expect.stringContaining('checkpoint of step 4') }]);
    const resumed = await resumeRun(store, run, runtime);
    await resumed.ended;
    expect(await freshState(run.folder)).toMatchObject({ status: 'finished', fold: { alerts: [] } });
  });

  it('launches what waits once the target is free', async () => {
    const store = new RunStore(temporaryFolder());
    const first = await start(store, { hold_at_step: 1 });
    const second = await store.create(referenceDraft(root));
    await enqueue(store, second.folder, 1, runtime);
    const host = hostOf(store);
    await host.look(second);
    expect((await freshState(second.folder)).status).toBe('queued');
    await untilStep(first.folder, 1, 1);
    await stopRun(new RunObserver(first.folder, first.spec));
    while ((await freshState(second.folder)).status === 'queued') await host.look(second);
    await untilState(new RunObserver(second.folder, second.spec), ({ status }) => status === 'finished');
  });
});
