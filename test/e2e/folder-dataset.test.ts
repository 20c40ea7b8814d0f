import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pairs, writePairs } from './datasets.ts';
import { useWorkbench } from './use-workbench.ts';

const SHARDS = 3;
const SHARD_ROWS = 400;

const made = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-shards-'));
beforeAll(() => {
  mkdirSync(path.join(made, 'shards'));
  for (let shard = 0; shard < SHARDS; shard++) {
    const file = `train-0000${shard}-of-0000${SHARDS}.parquet`;
    writePairs(path.join(made, 'shards', file), pairs(SHARD_ROWS, `shard ${shard}, parcel`));
  }
  mkdirSync(path.join(made, 'empty'));
  saveToDisk(path.join(made, 'saved'), ['train', 'test']);
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

const workbench = useWorkbench('folder-dataset', { workspace: made, viewport: { width: 1400, height: 900 } });
const page = () => workbench().webview();
const row = (number: number) => page().locator(`.grid-row[data-row="${number}"]`);

/** As `DatasetDict.save_to_disk` of the Hugging Face library writes it. */
function saveToDisk(folder: string, splits: readonly string[]): void {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'dataset_dict.json'), JSON.stringify({ splits }));
  for (const split of splits) {
    const filename = 'data-00000-of-00001.arrow';
    const rows = pairs(20, `the ${split} split`);
    const table = tableFromArrays({
      prompt: rows.map(({ prompt }) => prompt),
      chosen: rows.map(({ chosen }) => chosen),
    });
    mkdirSync(path.join(folder, split));
    writeFileSync(path.join(folder, split, filename), tableToIPC(table, 'stream'));
    writeFileSync(path.join(folder, split, 'state.json'), JSON.stringify({ _data_files: [{ filename }] }));
    writeFileSync(path.join(folder, split, 'dataset_info.json'), '{}');
  }
}

async function openFolder(name: string): Promise<void> {
  await workbench().activityBar('Explorer');
  await workbench().treeItem(name).click({ button: 'right' });
  // By key: a menu takes no click so soon after the one that opened it.
  await workbench().page.getByRole('menuitem', { name: 'Open Folder as Dataset' }).hover();
  await workbench().page.keyboard.press('Enter');
}

async function goToRow(number: number): Promise<void> {
  await workbench().runCommand('Reward Studio: Go to Row');
  await page().getByRole('textbox', { name: 'Go to row' }).fill(String(number));
  await workbench().page.keyboard.press('Enter');
}

test('a folder of shards opens as one dataset, down to a row of the last shard', async () => {
  await openFolder('shards');
  await page()
    .getByText(/1,200 rows/)
    .first()
    .waitFor();
  await page()
    .getByText(/3 files/)
    .first()
    .waitFor();
  await row(0).getByText('shard 0, parcel 0: where is it?').waitFor();
  await goToRow(1_150);
  await row(1_150).getByText('shard 2, parcel 350: where is it?').waitFor();
  await workbench().screenshot('folder-last-shard');
});

test('search, filter and SQL are of all shards', async () => {
  await workbench().runCommand('Reward Studio: Find in Dataset');
  await page().getByRole('searchbox').fill('parcel 399:');
  await workbench().page.keyboard.press('Enter');
  await expect.poll(() => page().locator('.search-field .status').textContent()).toMatch(/of 3$/);
  await page().getByRole('tab', { name: 'SQL' }).click();
  await page().getByRole('textbox', { name: /^SQL/ }).fill('SELECT count(*) AS n, max(row_index) AS last FROM data');
  await page().getByRole('button', { name: 'Run' }).click();
  await expect.poll(() => page().locator('.sql-result td').allTextContents()).toEqual(['1200', '1199']);
  await page().getByRole('tab', { name: 'Data', exact: true }).click();
});

test('the folder is there after the window was reloaded', async () => {
  await workbench().open();
  await page()
    .getByText(/3 files/)
    .first()
    .waitFor();
  await goToRow(1_150);
  await row(1_150).getByText('shard 2, parcel 350: where is it?').waitFor();
});

test('a shard that changes on disk is told', async () => {
  appendFileSync(path.join(workbench().folder, 'shards', `train-00001-of-0000${SHARDS}.parquet`), 'more');
  await page().getByText('This file has changed on disk.').waitFor();
  await workbench().runCommand('View: Close Editor');
});

test('of a folder that save_to_disk wrote, one of its splits is chosen', async () => {
  await openFolder('saved');
  await workbench().pick('test');
  await row(3).getByText('the test split 3: where is it?').waitFor();
  await workbench().screenshot('folder-save-to-disk');
});

test('a folder without data says so', async () => {
  await workbench().runCommand('Reward Studio: Open Folder as Dataset');
  await workbench().enterPath(path.join(workbench().folder, 'empty'));
  await page().getByText('The folder holds no file that can be read.').waitFor();
});
