import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { useWorkbench } from './use-workbench.ts';

/** Two rows that cannot be used, and one pair twice. */
function pairsWithFaults(): string {
  const pairs = Array.from({ length: 40 }, (_, index) => ({
    prompt: `Where is order ${index}?`,
    chosen: `Order ${index} left our store this morning and arrives tomorrow.`,
    rejected: index === 7 ? '' : `No idea about ${index}.`,
  }));
  const rows = [...pairs, pairs[3], { ...pairs[5], chosen: null }];
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const workbench = useWorkbench('preparation', {
  workspace: path.join(root, 'examples'),
  files: { 'orders.jsonl': pairsWithFaults() },
  viewport: { width: 1280, height: 800 },
});

test('training data is prepared from the palette, and what was left out is told', async () => {
  await workbench().openFile('orders.jsonl');
  await workbench().runCommand('Reward Studio: Prepare Training Data');
  await workbench().pick('orders.jsonl');
  await workbench().pick('Bradley-Terry');
  await workbench().pick('No split');
  await workbench().pick('orders-bradley-terry');
  const told = await workbench().notification('records for Bradley-Terry');
  expect(await told.textContent()).toContain('40 records for Bradley-Terry: data.parquet 40. 2 rows were left out');
  await workbench().screenshot('preparation-told');
  const folder = path.join(workbench().folder, 'orders-bradley-terry');
  expect(existsSync(path.join(folder, 'data.parquet'))).toBe(true);
  expect(JSON.parse(readFileSync(path.join(folder, 'dataset.json'), 'utf8'))).toMatchObject({
    method: 'bradley-terry',
  });
  await workbench().runCommand('Notifications: Clear All Notifications');
});

test('the checks of a dataset are a view of its editor, and a finding leads to its rows', async () => {
  await workbench().openFile('orders-bradley-terry/data.parquet');
  const page = workbench().webview();
  await page.getByRole('tab', { name: 'Checks' }).click();
  await page.getByText('Fit to train on').waitFor();
  const repeated = page.getByRole('listitem').filter({ hasText: 'repeat' }).first();
  await repeated.waitFor();
  await workbench().screenshot('dataset-checks');
  await repeated.getByRole('button', { name: /^row / }).first().click();
  await page.getByRole('heading', { name: /^Row / }).waitFor();
});

test('a fix writes a new file and leaves the dataset as it was', async () => {
  const page = workbench().webview();
  await page.getByRole('tab', { name: 'Checks' }).click();
  const repeated = page.getByRole('listitem').filter({ hasText: 'repeat' }).first();
  await repeated.getByRole('button', { name: 'Fix…' }).click();
  const told = await workbench().notification('data-fixed.parquet has 39 records');
  expect(await told.textContent()).toContain('data.parquet is as it was');
  await told.getByRole('button', { name: 'Open' }).click();
  await workbench().editorTab('data-fixed.parquet').waitFor();
  await workbench().webview().getByText('39 rows').first().waitFor();
  await workbench().screenshot('dataset-fixed');
});
