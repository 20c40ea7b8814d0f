import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { writeSyntheticPairs } from '../soak/synthetic-pairs.ts';
import { quickPick } from './command-palette.ts';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('training', { workspace: path.join(root, 'examples') });

test('the view is empty at first and offers the one thing to do', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench().sideBar.getByRole('button', { name: 'Train Reward Model' }).first().waitFor();
  await workbench().screenshot('training-welcome');
});

test('a dataset opens as a table that says what it is', async () => {
  await workbench().openFile('bradley-terry/train.parquet');
  const page = workbench().webview();
  await page.getByRole('columnheader', { name: /chosen/ }).waitFor();
  await page.getByText('Bradley-Terry').first().waitFor();
  await workbench().screenshot('dataset-table');
});

test('a model is trained from the palette and the run finishes in the side bar', async () => {
  await workbench().runCommandAndPick('Reward Studio: Train Reward Model', 'train.parquet');
  const fitting = quickPick(workbench().page, 'Bradley-Terry');
  await fitting.waitFor();
  await workbench().screenshot('training-method');
  await fitting.click();
  await workbench().pick('Embedded on this machine');
  await workbench().pick('Start');
  const told = await workbench().notification(/Trained bradley-terry-train/);
  expect(await told.textContent()).toMatch(/pair accuracy 0\.\d+ \(95 % interval .* n \d+\); pick-longer 0\.\d+/);
  await workbench().activityBar('Reward Studio');
  const run = workbench().treeItem(/bradley-terry-train, finished/);
  await run.waitFor();
  expect(await run.textContent()).toMatch(/finished · acc 0\.\d\d\d/);
  await workbench().screenshot('training-finished');
  await workbench().clearNotifications();
  expect(readdirSync(path.join(workbench().folder, '.reward-studio', 'runs'))).toHaveLength(1);
});

test('hovering a response shows its grade, with scale, percentile, model and age', async () => {
  await workbench().openFile('replies.jsonl');
  const hover = await workbench().hover('that should not happen'.replace('t', 'T'), /Reward margin/);
  const text = (await hover.textContent()) ?? '';
  expect(text).toMatch(/Reward margin [+\u2212]\d+\.\d\d/);
  expect(text).toContain('bradley-terry-train');
  expect(text).toContain('just now');
  await workbench().screenshot('hover-grade');
});

test('hovering a reply in a Markdown transcript shows its grade too', async () => {
  await workbench().openFile('reply-review.md');
  await workbench().hover('the second one is our mistake', /Reward margin/);
  await workbench().screenshot('hover-markdown');
});

test('the run and its grader are still there after the window is reloaded', async () => {
  await workbench().open();
  await workbench().activityBar('Reward Studio');
  const run = workbench().treeItem(/bradley-terry-train, finished/);
  await run.waitFor();
  expect(await run.textContent()).toMatch(/finished/);
  await workbench().openFile('replies.jsonl');
  await workbench().hover('motion alerts work', /Reward margin/);
});

test('a training is cancelled from its notification, and the run is stopped', async () => {
  writeSyntheticPairs(path.join(workbench().folder, 'many.jsonl'), 60_000);
  await workbench().openFile('many.jsonl');
  await workbench().runCommandAndPick('Reward Studio: Train Reward Model', 'many.jsonl');
  await workbench().pick('Bradley-Terry');
  await workbench().pick('Embedded on this machine');
  await workbench().pick('Start');
  const progress = await workbench().notification(/Training from many\.jsonl: (preparing|running)/);
  await workbench().screenshot('training-progress');
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await workbench().notification('Stopped many-bradley-terry');
  await workbench().activityBar('Reward Studio');
  expect(
    await workbench()
      .treeItem(/many-bradley-terry/)
      .textContent(),
  ).toContain('stopped');
  await workbench().screenshot('training-stopped');
});

test('a launch script becomes a run file from its context menu, and the report says what became of each option', async () => {
  const script = 'run_bt.sh';
  copyFileSync(path.join(root, 'test', 'fixtures', 'scripts', script), path.join(workbench().folder, script));
  await workbench().activityBar('Explorer');
  await workbench().chooseFromMenu(workbench().treeItem(script), 'Import Training Script');
  await workbench().editorTab('run_bt.rmrun.json').waitFor();
  const told = await workbench().notification(/run_bt\.rmrun\.json: /);
  await workbench().screenshot('import-told');
  await told.getByRole('button', { name: 'Show Report' }).click();
  await workbench().page.locator('.view-line', { hasText: 'run_bt.rmrun.json from run_bt.sh' }).first().waitFor();
  await workbench().screenshot('import-report');
  const runFile = JSON.parse(readFileSync(path.join(workbench().folder, 'run_bt.rmrun.json'), 'utf8'));
  expect(runFile).toMatchObject({ method: 'bradley-terry', engine: 'embedded' });
});
