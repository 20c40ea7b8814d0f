import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataset } from '../../src/core/datasets/open.ts';
import { pairs, writePairs } from './datasets.ts';
import { useWorkbench } from './use-workbench.ts';

const ROWS = 400;
const HUGE_ROWS = 250_000;
const QUOTED = 'She said "now", and left';

const temporary = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-grid-'));
const prepared = path.join(temporary, 'support');
const orders = pairs(ROWS, 'Order').map((pair, row) => (row === 1 ? { ...pair, chosen: QUOTED } : pair));
beforeAll(() => {
  mkdirSync(prepared);
  writePairs(path.join(prepared, 'orders.parquet'), orders);
  parquetWriteFile({
    filename: path.join(prepared, 'huge.parquet'),
    columnData: [
      { name: 'n', data: Array.from({ length: HUGE_ROWS }, (_, row) => row), type: 'INT32', offsetIndex: false },
    ],
    rowGroupSize: HUGE_ROWS,
    pageSize: 10_000,
  });
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const workbench = useWorkbench('grid-actions', { workspace: prepared, viewport: { width: 1440, height: 900 } });

const page = () => workbench().webview();
const header = (name: string) =>
  page().locator('[role=columnheader][data-column]', { hasText: new RegExp(`^${name}`) });
const headers = () => page().locator('[role=columnheader][data-column] .name').allTextContents();
const cell = (row: number, column: number) =>
  page().locator(`.grid-row[data-row="${row}"] [role=gridcell][aria-colindex="${column + 2}"]`);
const exists = (name: string) => existsSync(path.join(workbench().folder, name));

async function chooseInMenu(place: ReturnType<typeof cell>, entry: string): Promise<void> {
  await place.click({ button: 'right' });
  const item = workbench().page.getByRole('menuitem', { name: entry, exact: true });
  await item.waitFor();
  // Again, where it was in vain: a menu ignores the mouse for a moment after it opened.
  await expect
    .poll(async () => {
      if (await item.isVisible()) await item.click({ timeout: 1_000 }).catch(() => {});
      return item.isVisible();
    })
    .toBe(false);
}

async function expectClipboard(text: string): Promise<void> {
  await expect.poll(() => workbench().page.evaluate('navigator.clipboard.readText()')).toBe(text);
}

async function saveAs(name: string): Promise<void> {
  await workbench().enterPath(path.join(workbench().folder, name), /-export\./);
}

test('the menu of a cell copies it, and its row, as text, JSON and CSV', async () => {
  await workbench().page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await workbench().openFile('orders.parquet');
  await chooseInMenu(cell(1, 1), 'Copy Cell');
  await expectClipboard(QUOTED);
  await chooseInMenu(cell(1, 1), 'Copy Cell as JSON');
  await expectClipboard(JSON.stringify(QUOTED));
  await chooseInMenu(cell(1, 1), 'Copy Cell as CSV');
  await expectClipboard('"She said ""now"", and left"');
  const { prompt, chosen, rejected } = orders[2]!;
  await chooseInMenu(cell(2, 1), 'Copy Row');
  await expectClipboard([prompt, chosen, rejected].join('\t'));
  await chooseInMenu(cell(2, 1), 'Copy Row as CSV');
  await expectClipboard(`prompt,chosen,rejected\r\n${[prompt, chosen, rejected].join(',')}`);
});

test('the menu of a column copies that column, whichever cell is current', async () => {
  await cell(1, 1).click();
  const rejected = orders.map((pair) => pair.rejected);
  await chooseInMenu(header('rejected'), 'Copy Column');
  await expectClipboard(rejected.join('\n'));
  await chooseInMenu(header('prompt'), 'Copy Column as JSON');
  await expect
    .poll(async () => JSON.parse(await workbench().page.evaluate<string>('navigator.clipboard.readText()')))
    .toEqual(orders.map(({ prompt }) => prompt));
  await chooseInMenu(header('prompt'), 'Copy Column as CSV');
  await expectClipboard(['prompt', ...orders.map(({ prompt }) => prompt)].join('\r\n'));
  await page().getByRole('button', { name: 'Close' }).first().click();
});

test('headers show how lengths are distributed without being asked, and what a filter leaves of it', async () => {
  const bars = page().locator('.head .sparkline');
  await expect.poll(() => bars.count()).toBe(3);
  await expect(bars.first().getAttribute('aria-label')).resolves.toMatch(/^Lengths in characters, 21 to 23$/);
  expect(await page().locator('.sparkline .left').first().getAttribute('d')).toBe(
    await page().locator('.sparkline .whole').first().getAttribute('d'),
  );
});

test('rows stand in the document as they are read, after scrolling down and up', async () => {
  const grid = page().locator('.grid');
  const inOrder = async () => {
    const rows = await page()
      .locator('.grid-row')
      .evaluateAll((drawn) => drawn.map((row) => Number(row.getAttribute('data-row'))));
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    return rows[0];
  };
  await grid.hover();
  await workbench().page.mouse.wheel(0, 2_000);
  await expect.poll(inOrder).toBeGreaterThan(30);
  await workbench().page.mouse.wheel(0, -900);
  await expect.poll(inOrder).toBeLessThan(30);
  await workbench().page.mouse.wheel(0, -2_000);
  await expect.poll(inOrder).toBe(0);
});

test('a column is pinned, hidden, moved and resized, and the window remembers it', async () => {
  await chooseInMenu(header('rejected'), 'Pin Column');
  await expect.poll(headers).toEqual(['rejected', 'prompt', 'chosen']);
  await chooseInMenu(header('rejected'), 'Unpin Column');
  await expect.poll(headers).toEqual(['prompt', 'chosen', 'rejected']);
  await chooseInMenu(header('rejected'), 'Pin Column');
  await chooseInMenu(header('chosen'), 'Hide Column');
  await expect.poll(headers).toEqual(['rejected', 'prompt']);
  await workbench().runCommand('Reward Studio: Choose Columns');
  await workbench()
    .quickInput.getByRole('checkbox', { name: /^chosen,/ })
    .click();
  await workbench().page.keyboard.press('Enter');
  await expect.poll(headers).toEqual(['rejected', 'prompt', 'chosen']);

  const { mouse } = workbench().page;
  const from = (await header('chosen').locator('.name').boundingBox())!;
  const to = (await header('prompt').boundingBox())!;
  await mouse.move(from.x + 8, from.y + 8);
  await mouse.down();
  await mouse.move(to.x + 20, from.y + 8, { steps: 5 });
  await mouse.up();
  await expect.poll(headers).toEqual(['rejected', 'chosen', 'prompt']);

  const before = (await header('chosen').boundingBox())!;
  await mouse.move(before.x + before.width - 1, before.y + 8);
  await mouse.down();
  await mouse.move(before.x + before.width - 101, before.y + 8, { steps: 5 });
  await mouse.up();
  const width = async () => Math.round((await header('chosen').boundingBox())?.width ?? 0);
  await expect.poll(width).toBe(Math.round(before.width) - 100);
  const cellWidth = async () => Math.round((await cell(0, 1).boundingBox())?.width ?? 0);
  await expect.poll(cellWidth).toBe(await width());
  await workbench().screenshot('grid-columns-dark');

  const reloaded = workbench().page.waitForEvent('load');
  await workbench().runCommand('Developer: Reload Window');
  await reloaded;
  await page().locator('.grid-row').first().waitFor();
  await expect.poll(headers).toEqual(['rejected', 'chosen', 'prompt']);
  await expect.poll(width).toBe(Math.round(before.width) - 100);
  await page().locator('.head.pinned', { hasText: 'rejected' }).waitFor();
});

test('what a filter leaves is exported as it is counted', async () => {
  await page().getByRole('button', { name: 'Add filter' }).click();
  await page().getByRole('combobox', { name: 'Column', exact: true }).selectOption({ label: 'rejected' });
  await page().getByRole('combobox', { name: 'Condition' }).selectOption({ label: 'contains' });
  await page().getByRole('textbox', { name: 'Value' }).fill('next week');
  await page().getByRole('button', { name: 'Apply' }).click();
  const left = orders.filter(({ rejected }) => rejected.includes('next week'));
  await expect
    .poll(() => page().locator('.filter > .status').textContent())
    .toMatch(new RegExp(`^${left.length} of ${ROWS} rows`));
  await expect
    .poll(() => page().locator('.head', { hasText: 'rejected' }).locator('.left').getAttribute('d'))
    .not.toBe(await page().locator('.head', { hasText: 'rejected' }).locator('.whole').getAttribute('d'));
  await workbench().screenshot('grid-filtered-dark');
  for (const [label, format] of [
    ['JSON Lines', 'jsonl'],
    ['CSV', 'csv'],
    ['Parquet', 'parquet'],
  ] as const) {
    await workbench().runCommandAndPick('Reward Studio: Export Rows', label);
    await saveAs(`left.${format}`);
    // Put in its place when it is whole; one toast after another may stay in the bell.
    await expect.poll(() => exists(`left.${format}`)).toBe(true);
    const written = await openDataset(path.join(workbench().folder, `left.${format}`));
    expect([written.rowCount, written.columns.map(({ name }) => name)]).toEqual([
      left.length,
      ['prompt', 'chosen', 'rejected'],
    ]);
    await written.close();
  }
  const lines = readFileSync(path.join(workbench().folder, 'left.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(left);
});

test('a huge row group is rewritten into a new file of small ones', async () => {
  await workbench().openFile('huge.parquet');
  await page().getByRole('tab', { name: 'Dataset', exact: true }).click();
  await page().getByRole('button', { name: 'Rewrite for Fast Browsing…' }).click();
  await saveAs('fast.parquet');
  await workbench().notification('Exported 250,000 rows to fast.parquet.');
  expect(exists('huge.parquet')).toBe(true);
  const written = await openDataset(path.join(workbench().folder, 'fast.parquet'));
  expect(written.rowCount).toBe(HUGE_ROWS);
  expect(written.files[0]?.parquet?.largestRowGroup).toBeLessThanOrEqual(131_072);
  await written.close();
  await workbench().openFile('fast.parquet');
  await page().getByRole('tab', { name: 'Dataset', exact: true }).click();
  await page().getByRole('columnheader', { name: 'page index' }).waitFor();
  expect(await page().getByRole('button', { name: 'Rewrite for Fast Browsing…' }).count()).toBe(0);
});
