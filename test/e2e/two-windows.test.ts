import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WrittenRun } from '../runs/written-run.ts';
import { useWorkbench } from './use-workbench.ts';
import type { Workbench } from './workbench.ts';

const workbench = useWorkbench('two-windows');

let other: Workbench;
let run: WrittenRun;

const windows = () => [workbench(), other];
const step = (at: number, loss?: number) =>
  run.event({
    kind: 'metrics',
    step: at,
    total_steps: 100,
    values: loss === undefined ? {} : { 'train/loss': loss },
    ...(loss === undefined ? { not_finite: { 'train/loss': 'nan' as const } } : {}),
  });
const alertsWritten = () =>
  [...readFileSync(path.join(run.folder, 'control.jsonl'), 'utf8').matchAll(/"alert":"([^"]+)"/g)].map(([, id]) => id);

beforeAll(async () => {
  run = new WrittenRun(workbench().folder, '20260102-000000-shared', { name: 'shared' });
  await run.launch();
  for (let at = 1; at <= 20; at += 1) step(at, 0.7 - at / 500);
  other = await workbench().otherWindow();
});
afterAll(() => other?.close());

test('both windows follow a run, which one of them watches', async () => {
  for (const window of windows()) {
    await window.activityBar('Reward Studio');
    await window.treeItem(/shared.*running · 20 %/).click();
    await window.webview().getByText('Step 20 of 100').waitFor();
  }
  step(21, 0.65);
  for (const window of windows()) await window.webview().getByText('Step 21 of 100').waitFor();
  expect(readdirSync(run.folder).filter((name) => name.startsWith('host.lock'))).toEqual(['host.lock']);
});

test('an alert is written down by the one, and told by both', async () => {
  step(22);
  for (const window of windows()) {
    await window.notification(/shared: train\/loss is nan at step 22\./);
    await window.treeItem(/shared.*loss not finite/).waitFor();
    await window.webview().locator('[data-alert=loss-not-finite]').waitFor();
  }
  expect(alertsWritten()).toEqual(['loss-not-finite']);
});

test('both windows show that it goes on', async () => {
  step(23, 0.64);
  for (const window of windows()) await window.webview().getByText('Step 23 of 100').waitFor();
  await other.screenshot('two-windows');
});

test('what was written down by a window that has lost its connection is told by the one that is left', async () => {
  const before = lock();
  await workbench().page.goto('about:blank');
  await expect.poll(lock, { timeout: 60_000 }).not.toBe(before);
  await workbench().open();
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/shared.*loss not finite/)
    .waitFor();
  // Its page crashes, without a word; its part on the server waits for it to come back, and goes on watching the run.
  const held = lock();
  const devtools = await other.page.context().newCDPSession(other.page);
  const crashed = other.page.waitForEvent('crash');
  devtools.send('Page.crash').catch(() => {});
  await crashed;
  run.log('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n');
  await workbench().notification(/shared: The memory ran out/);
  expect(lock()).toBe(held);
  expect(alertsWritten()).toEqual(['loss-not-finite', 'out-of-memory']);
  await workbench()
    .treeItem(/shared.*out of memory, 1 more alert/)
    .waitFor();
});

test('both windows show that it has finished', async () => {
  await other.close();
  other = await workbench().otherWindow();
  for (const window of windows()) {
    await window.activityBar('Reward Studio');
    await window.treeItem(/shared.*running/).click();
    await window.webview().getByText('Step 23 of 100').waitFor();
  }
  run.event({ kind: 'status', status: 'finished' });
  for (const window of windows()) {
    await window.treeItem(/shared.*finished/).waitFor();
    await window.webview().getByText('Finished', { exact: true }).waitFor();
  }
  expect([...other.foreignHosts]).toEqual([]);
});

const lock = () => {
  const file = path.join(run.folder, 'host.lock');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};
