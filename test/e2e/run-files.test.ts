import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { quickPick } from './command-palette.ts';
import { selectText } from './editor-text.ts';
import { useWorkbench } from './use-workbench.ts';

const RUN_FILE = 'pairs.rmrun.json';

const workbench = useWorkbench('run-files', {
  workspace: path.join(root, 'examples'),
  // What is typed half must not be saved before it is taken back.
  settings: { 'files.autoSave': 'off' },
  files: {
    [RUN_FILE]: `${JSON.stringify(
      {
        name: 'pairs-1',
        method: 'bradley-terry',
        data: { train: 'bradley-terry/train.parquet' },
        settings: { epoch: 3 },
      },
      null,
      2,
    )}\n`,
  },
});

const runsFolder = () => path.join(workbench().folder, '.reward-studio', 'runs');
const lens = (title: string) => workbench().page.locator('.codelens-decoration a', { hasText: title }).first();
const line = (text: string) => workbench().page.locator('.view-line', { hasText: text }).first();

test('an unknown key of a run file is underlined, and the fix names the known one', async () => {
  await workbench().openFile(RUN_FILE);
  await workbench().page.locator('.squiggly-error').first().waitFor();
  const hover = await workbench().hover('epoch', /did you mean/);
  expect(await hover.textContent()).toContain('"settings.epoch" is not known: did you mean "epochs"?');
  await workbench().screenshot('run-file-error');
  await workbench().page.keyboard.press('Escape');
  await selectText(workbench().page, 'epoch');
  await workbench().quickFix('Change to "epochs"');
  await line('"epochs": 3').waitFor();
  await workbench().page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  await workbench().page.keyboard.press('Control+s');
});

test('keys and values complete with what they mean', async () => {
  await selectText(workbench().page, 'epochs');
  await workbench().page.keyboard.press('End');
  await workbench().page.keyboard.type(',');
  await workbench().page.keyboard.press('Enter');
  await workbench().page.keyboard.type('"l');
  const suggestions = workbench().page.locator('.suggest-widget.visible');
  await suggestions.getByText('learning_rate', { exact: true }).first().waitFor();
  await workbench().screenshot('run-file-completion');
  await workbench().page.keyboard.press('Escape');
  await workbench().runCommand('File: Revert File');
  await line('"l').waitFor({ state: 'detached' });
});

test('Preflight says what would run, and starts nothing', async () => {
  await lens('Preflight').click();
  await line('command').waitFor();
  await workbench().screenshot('run-file-preflight');
  expect(existsSync(runsFolder())).toBe(false);
  await workbench().runCommand('View: Close All Editors');
});

test('Train above a run file starts a run, which the file then tells of', async () => {
  await workbench().openFile(RUN_FILE);
  await lens('Train').click();
  await workbench().notification(/Trained pairs-1/);
  await workbench().editorTab(RUN_FILE).click();
  await lens('Last run: finished').waitFor();
  await workbench().screenshot('run-file-lenses');
  expect(readdirSync(runsFolder())).toHaveLength(1);
});

test('Train Again does the same once more', async () => {
  await workbench().clearNotifications();
  await workbench().activityBar('Reward Studio');
  await workbench().chooseFromMenu(workbench().treeItem(/pairs-1, finished/), 'Train Again');
  await workbench().notification(/Trained pairs-1/);
  await expect.poll(() => readdirSync(runsFolder()).length).toBe(2);
  const specs = readdirSync(runsFolder()).map((id) =>
    JSON.parse(readFileSync(path.join(runsFolder(), id, 'run.json'), 'utf8')),
  );
  expect(specs[0].settings).toEqual(specs[1].settings);
  await workbench().clearNotifications();
});

test('Train with Changes opens a run file that says every parameter', async () => {
  await workbench().chooseFromMenu(workbench().treeItem(/pairs-1, finished/), 'Train with Changes');
  await workbench().editorTab('pairs-1.rmrun.json').waitFor();
  const file = path.join(workbench().folder, 'bradley-terry', 'pairs-1.rmrun.json');
  const runFile = JSON.parse(readFileSync(file, 'utf8'));
  expect(runFile).toMatchObject({
    name: 'pairs-1',
    data: { train: 'train.parquet' },
    settings: { epochs: 3, hash_bits: 18 },
  });
});

test('Train Reward Model ends with every parameter, and opens the run file instead of starting', async () => {
  await workbench().runCommandAndPick('Reward Studio: Train Reward Model', 'train.parquet');
  await workbench().pick('Bradley-Terry');
  await workbench().pick('Embedded on this machine');
  await quickPick(workbench().page, 'Start').waitFor();
  await workbench().screenshot('training-parameters');
  await workbench().pick('word_ngrams');
  await workbench().enterText('7');
  await workbench().quickInput.getByText(/<=3/).first().waitFor();
  await workbench().enterText('1');
  await workbench().pick('Open Run File');
  await workbench().editorTab('bradley-terry-train.rmrun.json').waitFor();
  const file = path.join(workbench().folder, 'bradley-terry', 'bradley-terry-train.rmrun.json');
  expect(JSON.parse(readFileSync(file, 'utf8')).settings.word_ngrams).toBe(1);
});

test('graders are listed, the one that grades marked; datasets with their rows', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench()
    .sideBar.getByRole('treeitem', { name: /pairs-1, active/ })
    .waitFor();
  await workbench().sideBar.getByRole('button', { name: 'Datasets Section' }).click();
  await workbench()
    .sideBar.getByRole('treeitem', { name: /train\.parquet, bradley-terry · [\d,]+ rows/ })
    .waitFor();
  await workbench().screenshot('side-bar');
  await workbench()
    .sideBar.getByRole('treeitem', { name: /test\.parquet, pointwise/ })
    .click();
  await workbench()
    .webview()
    .getByRole('columnheader', { name: /response/ })
    .first()
    .waitFor();
  await workbench().sideBar.getByRole('button', { name: 'Datasets Section' }).click();
});

test('a run of a terminal is listed, and what belongs together is grouped', async () => {
  const cli = path.join(root, 'dist', 'cli.mjs');
  await execa(process.execPath, [cli, 'train', 'support.rmrun.json'], { cwd: workbench().folder });
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await workbench()
    .treeItem(/support-bradley-terry, finished/)
    .waitFor();
  await workbench()
    .treeItem(/By Experiment/)
    .click();
  await workbench().treeItem('pairs, 2 runs').click();
  const listed = workbench().sideBar.getByRole('treeitem', { name: /pairs-1, finished/ });
  await listed.nth(3).waitFor();
  await workbench().screenshot('side-bar-experiments');
  await workbench()
    .treeItem(/By Experiment/)
    .click();
  await listed.nth(3).waitFor({ state: 'detached' });
});

test('a filter shows what it leaves out, and is cleared', async () => {
  await workbench().runCommand('Reward Studio: Filter Runs');
  await workbench().enterText('support');
  await workbench().sideBar.getByText('Filter "support": 1 of 3 runs').waitFor();
  await workbench()
    .treeItem(/support-bradley-terry, finished/)
    .waitFor();
  await workbench().screenshot('side-bar-filter');
  await workbench().runCommand('Reward Studio: Clear Filter');
  await workbench()
    .treeItem(/pairs-1, finished/)
    .waitFor();
});

test('a run is deleted only after it was asked', async () => {
  const run = workbench().treeItem(/pairs-1, finished/);
  await workbench().chooseFromMenu(run, 'Delete Run');
  const dialog = workbench().page.locator('.monaco-dialog-box');
  await dialog.getByText('Delete the run "pairs-1"?').waitFor();
  await workbench().screenshot('run-delete');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(readdirSync(runsFolder())).toHaveLength(3);
  await workbench().chooseFromMenu(run, 'Delete Run');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  // A server has no trash: the second question says that it is for good.
  await dialog.getByRole('button', { name: 'Delete Permanently' }).click();
  await workbench()
    .sideBar.getByRole('treeitem', { name: /pairs-1, finished/ })
    .nth(1)
    .waitFor({ state: 'detached' });
  await expect.poll(() => readdirSync(runsFolder()).length).toBe(2);
});
