import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RunStore } from '../../../src/core/runs/store.ts';
import { StorePoll } from '../../../src/core/runs/store-poll.ts';
import { referenceDraft } from '../../reference-trainer/draft.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Looks often, so that a test need not wait. */
const OFTEN_MS = 5;

function polled() {
  const store = new RunStore(temporaryFolder());
  let calls = 0;
  let onCall = () => {};
  const poll = new StorePoll(
    () => [store],
    () => {
      calls += 1;
      onCall();
    },
    OFTEN_MS,
  );
  onTestFinished(() => poll.dispose());
  /** Resolves with the next call. */
  const nextChange = () =>
    new Promise<void>((resolve) => {
      onCall = resolve;
    });
  return { store, poll, nextChange, calls: () => calls };
}

it('notices a run that comes, one that goes, and one that is resumed', async () => {
  const { store, poll, nextChange } = polled();
  await poll.note();
  poll.wanted = true;
  let change = nextChange();
  const { folder } = await store.create(referenceDraft('/checkout'));
  await change;
  change = nextChange();
  writeFileSync(path.join(folder.path, 'writer.lock'), '{}');
  await change;
  change = nextChange();
  rmSync(path.join(folder.path, 'writer.lock'));
  await change;
  change = nextChange();
  rmSync(folder.path, { recursive: true });
  await change;
});

it('notices what came while nobody looked, as soon as somebody does', async () => {
  const { store, poll, nextChange, calls } = polled();
  await poll.note();
  await store.create(referenceDraft('/checkout'));
  const change = nextChange();
  poll.wanted = true;
  await change;
  expect(calls()).toBe(1);
});

it('does not tell of what was noted, nor of runs that are still being made', async () => {
  const { store, poll, nextChange, calls } = polled();
  await store.create(referenceDraft('/checkout'));
  await poll.note();
  mkdirSync(path.join(store.runsFolder, '.half.tmp'));
  poll.wanted = true;
  const change = nextChange();
  renameSync(path.join(store.runsFolder, '.half.tmp'), path.join(store.runsFolder, '29990101-000000-whole'));
  await change;
  expect(calls()).toBe(1);
});

it('has no timer while nobody looks', async () => {
  const { poll } = polled();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  poll.wanted = true;
  await poll.note();
  poll.wanted = false;
  await poll.note();
  expect(timers()).toBe(before);
});
