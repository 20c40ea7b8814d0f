import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { quickPick } from './command-palette.ts';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('restricted', {
  workspace: path.join(root, 'examples'),
  trusted: false,
  settings: { 'workbench.colorTheme': 'Default High Contrast' },
});

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
