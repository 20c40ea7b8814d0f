import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { json, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { quickPick } from './command-palette.ts';
import { useWorkbench } from './use-workbench.ts';

const endpoint = await ScriptedEndpoint.start(json({}, 500));
const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-e2e-'));
afterAll(async () => {
  rmSync(elsewhere, { recursive: true, force: true });
  await endpoint.close();
});
const judge = { kind: 'judge-endpoint', url: `${endpoint.origin}/v1`, model: 'm', method: 'pointwise' };

const workbench = useWorkbench('restricted', {
  workspace: path.join(root, 'examples'),
  files: {
    '.reward-studio/graders.json': JSON.stringify({ version: 1, graders: [{ name: 'of the workspace', ...judge }] }),
  },
  trusted: false,
  settings: {
    'workbench.colorTheme': 'Default High Contrast',
    'rewardStudio.graders': [
      { name: 'my own model', kind: 'embedded', model: await trainElsewhere() },
      { name: 'my own judge', ...judge },
    ],
  },
});

/** @returns the model file of a run outside of the workspace */
async function trainElsewhere(): Promise<string> {
  const args = [
    path.join(root, 'dist', 'cli.mjs'),
    'train',
    path.join(root, 'examples', 'bradley-terry', 'train.parquet'),
  ];
  await execa(process.execPath, [...args, '--method', 'bt', '--name', 'elsewhere'], { cwd: elsewhere });
  const cli = [path.join(root, 'dist', 'cli.mjs'), 'grade', 'elsewhere', '--prompt', 'a', '--response', 'b', '--json'];
  const { stdout } = await execa(process.execPath, cli, { cwd: elsewhere });
  return JSON.parse(stdout).model.file;
}

test('in Restricted Mode a dataset can be read', async () => {
  await workbench().openFile('pairwise/test.parquet');
  await workbench()
    .webview()
    .getByRole('columnheader', { name: /preferred/ })
    .waitFor();
  await workbench().screenshot('restricted-dataset-high-contrast');
});

test('in Restricted Mode nothing is fetched from other machines, and the command says so', async () => {
  await workbench().runCommand('Reward Studio: Open Remote Dataset');
  await workbench().notification('In Restricted Mode nothing is fetched from other machines');
});

test('in Restricted Mode no training can be started, and the view says why', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench().sideBar.getByText('Trainings are started in trusted workspaces only').first().waitFor();
  // The palette is filled late in a starting window: a command that is there shows that ours are.
  await workbench().showCommand('Reward Studio: Show Extension Log');
  await workbench().quickInput.locator('input').first().fill('>Reward Studio: Train');
  await workbench()
    .page.getByText('No matching commands')
    .or(quickPick(workbench().page, 'Reward Studio: '))
    .first()
    .waitFor();
  expect(await quickPick(workbench().page, 'Reward Studio: Train Reward Model').count()).toBe(0);
  await workbench().screenshot('restricted-training');
});

test('in Restricted Mode a run file is refused with the reason', async () => {
  await workbench().openFile('support.rmrun.json');
  const lens = (title: string) => workbench().page.locator('.codelens-decoration a', { hasText: title }).first();
  await lens('Train').click();
  await workbench().notification(/Trainings are started in trusted workspaces only\. Trust this workspace first/);
  await lens('Preflight').click();
  await workbench().notification(/The data that a run file names are read in trusted workspaces only/);
  await workbench().screenshot('restricted-run-file');
});

test('in Restricted Mode a kept evaluation is read, and nothing that it names is', async () => {
  copyFileSync(
    path.join(root, 'test', 'fixtures', 'evaluations', 'version-1.rmeval.json'),
    path.join(workbench().folder, 'kept.rmeval.json'),
  );
  await workbench().openFile('kept.rmeval.json');
  const page = workbench().webview();
  await page.getByRole('heading', { name: 'bradley-terry-train on review.jsonl' }).waitFor();
  await page.getByRole('heading', { name: 'Worst rows' }).waitFor();
  // The data that it names are not there, which a look would tell.
  expect(await page.getByText('not there any more').count()).toBe(0);
});

test('in Restricted Mode only an embedded model of the own settings grades, and nothing leaves the machine', async () => {
  await workbench().clearNotifications();
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/my own model, active · embedded model/)
    .waitFor();
  expect(
    await workbench()
      .treeItem(/my own judge|of the workspace/)
      .count(),
  ).toBe(0);
  await workbench().screenshot('restricted-graders-high-contrast');
  await workbench().openFile('replies.jsonl');
  await workbench().hover('need not send the whole kettle back', /Reward margin/);
  await workbench().runCommand('Reward Studio: Use as Grader');
  await quickPick(workbench().page, 'my own model').waitFor();
  expect(await workbench().quickInput.getByRole('option').count()).toBe(1);
  await workbench().page.keyboard.press('Escape');
  expect(endpoint.connections).toBe(0);
});
