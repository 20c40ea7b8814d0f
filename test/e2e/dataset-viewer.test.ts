import { cpSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('dataset-viewer', {
  workspace: path.join(root, 'examples'),
  theme: 'light',
  viewport: { width: 1500, height: 900 },
});

/** Reader processes of datasets in this test's own workspace: [pid, command line]. */
async function readers(): Promise<[number, string][]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes('read-dataset.mjs') && line.includes(workbench().folder))
    .map((line) => [Number.parseInt(line, 10), line]);
}

test('rows are read by page, and the current one in full beside them', async () => {
  await workbench().openFile('bradley-terry/train.parquet');
  const page = workbench().webview();
  await page.locator('tbody tr').nth(3).click();
  await page.getByRole('heading', { name: 'Row 3' }).waitFor();
  await workbench().page.keyboard.press('ArrowDown');
  await workbench().page.keyboard.press('PageDown');
  await page.getByText('Rows 100–199 of 325').waitFor();
  await page.getByRole('heading', { name: 'Row 104' }).waitFor();
  await workbench().screenshot('dataset-detail-light');
});

test('the place is kept while another file is looked at', async () => {
  await workbench().openFile('replies.jsonl');
  await workbench().editorTab('train.parquet').click();
  await workbench().webview().getByRole('heading', { name: 'Row 104' }).waitFor();
});

test('a file that changes on disk is told, and reloaded on request', async () => {
  const { folder } = workbench();
  cpSync(path.join(folder, 'pairwise/train.parquet'), path.join(folder, 'bradley-terry/train.parquet'));
  await workbench().webview().getByText('changed on disk').first().waitFor();
  await workbench().webview().getByRole('button', { name: 'Reload' }).click();
  await workbench()
    .webview()
    .getByRole('columnheader', { name: /preferred/ })
    .waitFor();
});

test('a reader that dies is told with a way back', async () => {
  const [reader] = (await readers()).filter(([, command]) => command.includes('train.parquet'));
  process.kill(reader?.[0] ?? Number.NaN, 'SIGKILL');
  await workbench().webview().getByText('ended unexpectedly').first().waitFor();
  await workbench().webview().getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => workbench().webview().getByText('ended unexpectedly').count()).toBe(0);
});

test('readers end with their editors', async () => {
  await workbench().runCommand('View: Close All Editors');
  await expect.poll(async () => (await readers()).length, { timeout: 30_000 }).toBe(0);
});
