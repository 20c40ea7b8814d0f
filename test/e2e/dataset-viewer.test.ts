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

const page = () => workbench().webview();
const row = (number: number) => page().locator(`.grid-row[data-row="${number}"]`);
const current = () => page().locator('.grid-row[aria-selected=true]');

/** Processes of datasets in this test's own workspace: [pid, command line]. */
async function processes(worker: 'read-dataset' | 'query-dataset'): Promise<[number, string][]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(`${worker}.mjs`) && line.includes(workbench().folder))
    .map((line) => [Number.parseInt(line, 10), line]);
}

test('a row is read as a conversation with its answers side by side', async () => {
  await workbench().openFile('bradley-terry/train.parquet');
  await row(3).locator('[role=gridcell]').first().click();
  await page().getByRole('heading', { name: 'Row 3' }).waitFor();
  await page().getByRole('article', { name: 'chosen' }).waitFor();
  await page().getByRole('article', { name: 'rejected' }).waitFor();
  await workbench().screenshot('viewer-reading-light');
  await page().getByRole('radio', { name: 'Inline' }).click();
  await page().locator('.inline-diff ins').first().waitFor();
  await page().getByRole('radio', { name: 'Fields' }).click();
  await page().locator('.field').first().waitFor();
  await page().getByRole('radio', { name: 'Side by side' }).click();
});

test('the keyboard goes through cells, pages and the whole dataset', async () => {
  const { keyboard } = workbench().page;
  await row(3).locator('[role=gridcell]').first().click();
  await keyboard.press('ArrowDown');
  await page().getByRole('heading', { name: 'Row 4' }).waitFor();
  await keyboard.press('Control+End');
  await expect.poll(() => current().getAttribute('data-row')).toBe('324');
  await page().getByRole('heading', { name: 'Row 324' }).waitFor();
  await keyboard.press('PageUp');
  await expect.poll(async () => Number(await current().getAttribute('data-row'))).toBeLessThan(320);
  await keyboard.press('Control+Home');
  await expect.poll(() => current().getAttribute('data-row')).toBe('0');
  await keyboard.press('ArrowRight');
  await expect.poll(() => page().locator('.grid').getAttribute('aria-activedescendant')).toMatch(/^cell-0-1$/);
});

test('a row in the middle is gone to by its number', async () => {
  await workbench().runCommand('Reward Studio: Go to Row');
  await page().getByRole('textbox', { name: 'Go to row' }).fill('162');
  await workbench().page.keyboard.press('Enter');
  await expect.poll(() => current().getAttribute('data-row')).toBe('162');
  await page().getByRole('heading', { name: 'Row 162' }).waitFor();
});

test('a search counts its hits over the whole file and goes from one to the next', async () => {
  await workbench().runCommand('Reward Studio: Find in Dataset');
  await page().getByRole('searchbox').fill('refund');
  await workbench().page.keyboard.press('Enter');
  const status = page().locator('.search-field .status');
  await expect.poll(() => status.textContent()).toMatch(/^row [\d,]+ of [\d,]+$/);
  const first = await current().getAttribute('data-row');
  await page().getByRole('button', { name: 'Next hit' }).click();
  await expect.poll(() => current().getAttribute('data-row')).not.toBe(first);
  await workbench().screenshot('viewer-search-light');
});

test('a filter and a sort leave and order the rows of the whole file', async () => {
  await page().getByRole('button', { name: 'Add filter' }).click();
  await page().getByRole('combobox', { name: 'Column' }).selectOption({ label: 'margin' });
  await page().getByRole('combobox', { name: 'Condition' }).selectOption({ label: '≥' });
  await page().getByRole('textbox', { name: 'Value' }).fill('2');
  await page().getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => page().locator('.filter > .status').textContent()).toMatch(/^[\d,]+ of 325 rows/);
  await page()
    .getByRole('columnheader', { name: /margin/ })
    .locator('.name')
    .click();
  await page().locator('[role=columnheader][aria-sort=ascending]').waitFor();
  await page()
    .getByRole('columnheader', { name: /margin/ })
    .locator('.name')
    .click();
  await page().locator('[role=columnheader][aria-sort=descending]').waitFor();
  const strongest = page().locator('.grid-row').first().locator('[role=gridcell]').last();
  await expect.poll(() => strongest.textContent()).toBe('4');
  await workbench().screenshot('viewer-filter-light');
  await page()
    .getByRole('button', { name: /^Remove filter/ })
    .click();
  await expect.poll(() => page().locator('.grid').getAttribute('aria-rowcount')).toBe('326');
  await page()
    .getByRole('columnheader', { name: /margin/ })
    .locator('.name')
    .click();
});

test('statistics of every column, and their distributions above the rows', async () => {
  await page().getByRole('tab', { name: 'Statistics' }).click();
  await page()
    .getByText(/^325 rows in/)
    .waitFor();
  await expect.poll(() => page().locator('.card dl').count()).toBe(4);
  await workbench().screenshot('viewer-statistics-light');
  await page().getByRole('tab', { name: 'Data', exact: true }).click();
  await page().locator('.head .sparkline').first().waitFor();
});

test('one SELECT over the file as "data"; other files are out of reach', async () => {
  await page().getByRole('tab', { name: 'SQL' }).click();
  const box = page().getByRole('textbox', { name: /^SQL/ });
  await box.fill('SELECT margin, count(*) AS n FROM data GROUP BY margin ORDER BY n DESC');
  await page().getByRole('button', { name: 'Run' }).click();
  await page().locator('.sql-result td').first().waitFor();
  await workbench().screenshot('viewer-sql-light');
  await box.fill('SELECT a.row_index, b.prompt FROM data a, data b WHERE 1 = 1');
  await page().getByRole('button', { name: 'Run' }).click();
  const status = page().locator('.sql header .status');
  await expect.poll(() => status.textContent(), { timeout: 60_000 }).toMatch(/^105,625 rows, the first 1,000 shown/);
  await workbench().screenshot('viewer-sql-many-rows');
  await page().getByRole('button', { name: 'Show 10,000' }).click();
  await expect.poll(() => status.textContent(), { timeout: 60_000 }).toMatch(/^105,625 rows, the first 10,000 shown/);
  expect(await page().locator('.sql-result tbody tr').count()).toBe(10_000);
  expect(await page().getByRole('button', { name: /^Show/ }).count()).toBe(0);
  await box.fill("SELECT * FROM read_csv('/etc/passwd')");
  await page().getByRole('button', { name: 'Run' }).click();
  await page().locator('.sql .status.failed').waitFor();
  expect(await page().locator('.sql-result td').count()).toBe(0);
});

test('the view "Dataset" shows the schema and the layout of the file', async () => {
  await page().getByRole('tab', { name: 'Dataset', exact: true }).click();
  await page().getByText('page index').first().waitFor();
  await page().getByText('SNAPPY').first().waitFor();
  await workbench().screenshot('viewer-dataset-light');
  await page().getByRole('tab', { name: 'Data', exact: true }).click();
});

test('the place is kept while another file is looked at', async () => {
  await workbench().runCommand('Reward Studio: Go to Row');
  await page().getByRole('textbox', { name: 'Go to row' }).fill('104');
  await workbench().page.keyboard.press('Enter');
  await page().getByRole('heading', { name: 'Row 104' }).waitFor();
  await workbench().openFile('replies.jsonl');
  await workbench().editorTab('train.parquet').click();
  await page().getByRole('heading', { name: 'Row 104' }).waitFor();
  await expect.poll(() => current().getAttribute('data-row')).toBe('104');
});

test('a file that changes on disk is told, and reloaded on request', async () => {
  const { folder } = workbench();
  cpSync(path.join(folder, 'pairwise/train.parquet'), path.join(folder, 'bradley-terry/train.parquet'));
  await page().getByText('changed on disk').first().waitFor();
  await page().getByRole('button', { name: 'Reload' }).click();
  await page()
    .getByRole('columnheader', { name: /preferred/ })
    .waitFor();
});

test('a reader that dies is told with a way back', async () => {
  const [reader] = (await processes('read-dataset')).filter(([, command]) => command.includes('train.parquet'));
  process.kill(reader?.[0] ?? Number.NaN, 'SIGKILL');
  await page().getByText('ended unexpectedly').first().waitFor();
  await page().getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => page().getByText('ended unexpectedly').count()).toBe(0);
});

test('processes end with their editors', async () => {
  await workbench().runCommand('View: Close All Editors');
  for (const worker of ['read-dataset', 'query-dataset'] as const) {
    await expect.poll(async () => (await processes(worker)).length, { timeout: 30_000 }).toBe(0);
  }
});
