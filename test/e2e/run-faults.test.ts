import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { execaSync } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { WrittenRun } from '../runs/written-run.ts';
import { untilShown } from './again.ts';
import { useWorkbench } from './use-workbench.ts';

const RUN_FILE = 'pairs.rmrun.json';
const TWO_GB = 2 * 1024 ** 3;

const workbench = useWorkbench('run-faults', {
  workspace: path.join(root, 'examples'),
  // VS Code tells nothing of what happens to runs, as where a notice is lost.
  settings: { 'files.watcherExclude': { '**/.reward-studio/**': true } },
  files: {
    [RUN_FILE]: JSON.stringify({
      name: 'pairs-1',
      method: 'bradley-terry',
      data: { train: 'bradley-terry/train.parquet' },
    }),
  },
});

const page = () => workbench().webview();
let run: WrittenRun;

const step = (at: number) =>
  run.event({ kind: 'metrics', step: at, total_steps: 100, values: { 'train/loss': 0.7 - at / 500 } });

afterAll(() => {
  execaSync('umount', ['--lazy', path.join(workbench().folder, '.reward-studio')], { reject: false });
});

test('a run that is started elsewhere is listed, though the system told nothing of it', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench().sideBar.getByRole('button', { name: 'Train Reward Model' }).first().waitFor();
  run = new WrittenRun(workbench().folder, '20260102-000000-damaged', { name: 'damaged' });
  await run.launch();
  for (let at = 1; at <= 20; at += 1) step(at);
  await workbench()
    .treeItem(/damaged.*running · 20 %/)
    .waitFor();
});

test('ten thousand lines of garbage are counted, and the curve is that of the rest', async () => {
  appendFileSync(path.join(run.folder, 'events.jsonl'), 'garbage\n'.repeat(10_000));
  step(21);
  // The entry changes with every step: a click that falls between two of them is lost.
  await untilShown(workbench().page, page().getByText('Step 21 of 100'), () =>
    workbench()
      .treeItem(/damaged/)
      .click(),
  );
  await page().getByText('10,000 lines of its logs cannot be read: passed over').click();
  await page().getByText('not JSON: "garbage"').first().waitFor();
  await page().getByText('9980 more lines like these').waitFor();
  await workbench().screenshot('run-damaged-log');
});

test('of a log of 2 GB the end is shown at once, and earlier pieces on request', async () => {
  const file = path.join(run.folder, 'trainer.log');
  run.log('the first line\n');
  truncateSync(file, TWO_GB);
  const log = openSync(file, 'a');
  writeSync(log, '\nthe last line\n');
  closeSync(log);
  await page().getByRole('tab', { name: 'Log' }).click();
  await page().getByText('the last line').waitFor();
  await page().getByText('2.15 GB').waitFor();
  await page().getByRole('button', { name: 'Load earlier' }).click();
  rmSync(file);
  run.log('a new log\n');
  await page().getByText('a new log').waitFor();
});

test('a run whose folder is deleted while it is open says so, and counts on nothing any more', async () => {
  await page().getByRole('tab', { name: 'Charts' }).click();
  await page().getByText('elapsed').waitFor();
  rmSync(run.folder, { recursive: true, force: true });
  await page().getByText('The folder of this run has been deleted.').waitFor();
  await page().getByText('Was running').waitFor();
  await workbench()
    .treeItem(/damaged/)
    .waitFor({ state: 'detached' });
  await workbench().screenshot('run-deleted');
  await workbench().runCommand('View: Close All Editors');
});

test('runs in a workspace that can only be read are shown; a training is refused in a sentence', async ({ skip }) => {
  const store = path.join(workbench().folder, '.reward-studio');
  mkdirSync(store, { recursive: true });
  const mounted = execaSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', store], { reject: false });
  if (mounted.failed) skip('a file system of its own can be mounted by root on Linux only');
  run = new WrittenRun(workbench().folder, '20260103-000000-kept', { name: 'kept' });
  await run.launch();
  for (let at = 1; at <= 20; at += 1) step(at);
  execaSync('mount', ['-o', 'remount,ro', store]);
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/kept.*running · 20 %/)
    .click();
  await page().getByText('Step 20 of 100').waitFor();
  await workbench().openFile(RUN_FILE);
  await workbench().page.locator('.codelens-decoration a', { hasText: 'Train' }).first().click();
  const refused = await workbench().notification(/The file system is read-only\./);
  expect(await refused.textContent()).toContain('Choose a folder you may write to.');
  await workbench().screenshot('run-read-only');
  expect(existsSync(path.join(run.folder, 'host.lock'))).toBe(false);
  expect(readFileSync(path.join(run.folder, 'control.jsonl'), 'utf8')).not.toContain('alert');
});

test('where the disk is full a training is refused in a sentence, and the run that is there stays as it is', async ({
  skip,
}) => {
  const store = path.join(workbench().folder, '.reward-studio');
  if (execaSync('mount', ['-o', 'remount,rw', store], { reject: false }).failed) skip('no file system of its own');
  const before = readFileSync(path.join(run.folder, 'events.jsonl'), 'utf8');
  fill(path.join(store, 'ballast'));
  await workbench().runCommand('Notifications: Clear All Notifications');
  await workbench().page.locator('.codelens-decoration a', { hasText: 'Train' }).first().click();
  const refused = await workbench().notification(/no space left|disk is full/i);
  await workbench().screenshot('run-disk-full');
  expect(await refused.textContent()).not.toMatch(/ENOSPC|\bat .*:\d+/);
  expect(readFileSync(path.join(run.folder, 'events.jsonl'), 'utf8')).toBe(before);
  expect(readdirSync(path.join(store, 'runs'))).toEqual([path.basename(run.folder)]);
});

/** As much as there is space for. */
function fill(file: string): void {
  const ballast = openSync(file, 'a');
  try {
    for (;;) writeSync(ballast, Buffer.alloc(4096));
  } catch {
    // Now it is full.
  } finally {
    closeSync(ballast);
  }
}
