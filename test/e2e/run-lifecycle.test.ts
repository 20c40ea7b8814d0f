import { appendFileSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { appendControl } from '../../src/core/runs/control-log.ts';
import type { EventBody } from '../../src/core/runs/events.ts';
import { LogWriter } from '../../src/core/runs/json-lines-log.ts';
import { type RunFolder, RunStore } from '../../src/core/runs/store.ts';
import { processStart } from '../../src/core/targets/process-identity.ts';
import { referenceDraft } from '../reference-trainer/draft.ts';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('run-lifecycle');

/** A run of this test's own: its process is the trainer, and writes what a trainer would. */
let folder: RunFolder;
let log: LogWriter<EventBody>;

beforeAll(async () => {
  const draft = { ...referenceDraft(root, { learning_rate: 0.5 }), name: 'diverging' };
  folder = (await new RunStore(workbench().folder).create(draft)).folder;
  await appendControl(folder, 1, {
    kind: 'launched',
    pid: process.pid,
    process_start: (await processStart(process.pid)) ?? null,
    host: os.hostname(),
    command: process.argv,
  });
  log = new LogWriter<EventBody>(folder.eventsFile, 1);
  log.append({ kind: 'status', status: 'running' });
  for (let step = 1; step <= 40; step += 1) {
    log.append({ kind: 'metrics', step, total_steps: 100, values: { 'train/loss': 0.69 - step / 200 } });
  }
});
afterAll(() => log?.close());

test('a loss that is no number is told once, with the setting to lower, and the tree shows it', async () => {
  await workbench().activityBar('Reward Studio');
  const run = workbench().treeItem(/diverging/);
  await run.waitFor();
  expect(await run.textContent()).toMatch(/running · 40 % · loss 0\.49/);
  log.append({ kind: 'metrics', step: 41, total_steps: 100, values: {}, not_finite: { 'train/loss': 'nan' } });
  const told = await workbench().notification(
    /diverging: train\/loss is nan at step 41\. Lower learning_rate \(now 0\.5\)/,
  );
  await told.getByRole('button', { name: 'Show Run Log' }).waitFor();
  await workbench()
    .treeItem(/loss not finite/)
    .waitFor();
  await workbench().screenshot('run-alert');
  expect(alertsWritten()).toEqual(['loss-not-finite']);
});

test('a window that is opened later shows the alert, and does not tell it again', async () => {
  await workbench().open();
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/diverging.*loss not finite.*running/)
    .waitFor();
  log.append({ kind: 'metrics', step: 42, total_steps: 100, values: {}, not_finite: { 'train/loss': 'nan' } });
  await workbench()
    .treeItem(/diverging.*running · 42 %/)
    .waitFor();
  expect(alertsWritten()).toEqual(['loss-not-finite']);
});

test('a line of the log that tells of memory names the setting to lower', async () => {
  appendFileSync(folder.logFile, 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n');
  await workbench().notification(/diverging: The memory ran out: .* Lower batch \(now 8\)/);
  await workbench()
    .treeItem(/out of memory, 1 more alert/)
    .waitFor();
  log.append({ kind: 'status', status: 'stopped' });
  await workbench()
    .treeItem(/diverging.*stopped/)
    .waitFor();
});

const alertsWritten = (): string[] =>
  [...readFileSync(folder.controlFile, 'utf8').matchAll(/"alert":"([^"]+)"/g)].map(([, alert]) => alert ?? '');
