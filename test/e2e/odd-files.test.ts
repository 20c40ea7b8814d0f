import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAMAGED_PARQUET } from '../unit/datasets/corpus/damaged-parquet.ts';
import type { OddFile } from '../unit/datasets/corpus/odd-file.ts';
import { ODD_PARQUET } from '../unit/datasets/corpus/odd-parquet.ts';
import { ODD_TEXT } from '../unit/datasets/corpus/odd-text.ts';
import { pairs, writePairs } from './datasets.ts';
import { useWorkbench } from './use-workbench.ts';

/** Files of the corpus that cannot be opened, with the sentence of each. */
const REFUSED = [
  'empty.parquet',
  'image.parquet',
  'cut-at-0.5.parquet',
  'pare.parquet',
  'zero-footer.parquet',
  'utf16.jsonl',
];
const SHOWN = ['no-rows.parquet', 'ten-thousand-columns.parquet', 'huge-cell.parquet', 'malformed.jsonl'];
const DAMAGED_INSIDE = 'pages.parquet';

const HOSTILE =
  '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1"><a href="https://example.invalid">a link</a> ' +
  '\u001b[31mred\u001b[0m \u202eright to left\u202c\n\n[text](javascript:window.hacked=1) ![](https://example.invalid/x.png)';

const CORPUS: readonly OddFile[] = [...DAMAGED_PARQUET, ...ODD_PARQUET, ...ODD_TEXT];

function fromCorpus(name: string): OddFile {
  const file = CORPUS.find((odd) => odd.name === name);
  if (!file) throw new Error(`${name} is not in the corpus`);
  return file;
}

const made = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-odd-files-'));

beforeAll(async () => {
  for (const name of [...REFUSED, ...SHOWN, DAMAGED_INSIDE]) {
    writeFileSync(path.join(made, name), await fromCorpus(name).make());
  }
  writePairs(path.join(made, 'hostile.parquet'), [
    ...pairs(3, 'Quiet'),
    { prompt: HOSTILE, chosen: `${HOSTILE} one`, rejected: `${HOSTILE} two` },
    ...pairs(40, 'Quiet'),
  ]);
  writePairs(path.join(made, 'changing.parquet'), pairs(50, 'Before'));
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

const workbench = useWorkbench('odd-files', {
  workspace: made,
  theme: 'light',
  viewport: { width: 1300, height: 760 },
  settings: { 'workbench.editorAssociations': { '*.jsonl': 'rewardStudio.textDataset' } },
});

const page = () => workbench().webview();
const row = (number: number) => page().locator(`.grid-row[data-row="${number}"]`);
const close = () => workbench().runCommand('View: Close All Editors');

/** The page answers: two frames are drawn. A page that is frozen never does. */
const answers = () =>
  page()
    .locator('body')
    .evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))');

/** What the page holds: what is not drawn must not be there. */
const held = (): Promise<{ elements: number; characters: number }> =>
  page()
    .locator('body')
    .evaluate(
      '({ elements: document.querySelectorAll("*").length, characters: document.body.textContent.length })',
    ) as Promise<{ elements: number; characters: number }>;

test.each(REFUSED)('%s says in one sentence what it is and what to do', async (name) => {
  const { expected } = fromCorpus(name);
  await workbench().openFile(name);
  const said = page().locator('.error-state p');
  await said.waitFor();
  expect(await said.textContent()).toMatch('says' in expected ? expected.says : /never/);
  await page().getByRole('button', { name: 'Reload' }).waitFor();
  expect(await page().locator('.grid-row').count()).toBe(0);
  await workbench().screenshot(`odd-${name}`);
  await close();
});

test('a file whose pages are damaged says which rows cannot be read', async () => {
  await workbench().openFile(DAMAGED_INSIDE);
  const said = page().locator('.notice.error .message');
  await said.waitFor();
  expect(await said.textContent()).toMatch(/Rows 0 to \d+ cannot be read\. Row group 0 is damaged in this column/);
  await page().locator('.grid-row .absent', { hasText: 'not read' }).first().waitFor();
  await workbench().screenshot('odd-damaged-pages');
  await close();
});

test('a file without rows shows its columns', async () => {
  await workbench().openFile('no-rows.parquet');
  await page().getByText('0 rows').first().waitFor();
  await page().getByRole('tab', { name: 'Dataset', exact: true, selected: true }).waitFor();
  await workbench().screenshot('odd-no-rows');
  await close();
});

test('lines that are no rows are counted above the rows', async () => {
  await workbench().openFile('malformed.jsonl');
  await row(1).waitFor();
  expect(await page().locator('.notice.warning').textContent()).toMatch(
    /^7 lines are no rows and left out; the first is line 2, not valid JSON/,
  );
  await workbench().screenshot('odd-malformed-lines');
  await close();
});

test('hostile text is shown as text, in the grid and read', async () => {
  await workbench().openFile('hostile.parquet');
  await row(3).locator('[role=gridcell]').first().click();
  await page().getByRole('heading', { name: 'Row 3' }).waitFor();
  await page().getByText('<script>window.hacked = 1</script>').first().waitFor();
  await page().getByRole('radio', { name: 'Fields' }).click();
  await page().locator('.field').first().waitFor();
  await workbench().screenshot('odd-hostile-fields');
  await page().getByRole('radio', { name: 'Side by side' }).click();
  await page().getByRole('article').first().waitFor();
  await workbench().screenshot('odd-hostile-reading');
  const inert = await page()
    .locator('body')
    .evaluate('[window.hacked ?? null, document.querySelectorAll("main :is(script, img, a, iframe, style)").length]');
  expect(inert).toEqual([null, 0]);
  // The mark that turns the direction of text ends with its cell: the next one reads from the left.
  expect(await row(4).locator('[role=gridcell]').first().textContent()).toContain('Quiet 0');
  await close();
});

test('a cell of 50 MB is shown in part, and the page answers', async () => {
  await workbench().openFile('huge-cell.parquet');
  await row(1).locator('[role=gridcell]').first().click();
  await page().getByRole('heading', { name: 'Row 1' }).waitFor();
  await page()
    .getByRole('button', { name: /Load more/ })
    .first()
    .waitFor();
  expect(await answers()).toBe(true);
  expect((await held()).characters).toBeLessThan(400_000);
  await workbench().screenshot('odd-huge-cell');
  await page()
    .getByRole('button', { name: /Load more/ })
    .first()
    .click();
  await expect.poll(async () => (await held()).characters).toBeGreaterThan(120_000);
  expect(await answers()).toBe(true);
  await close();
});

test('of 10,000 columns those in view are drawn, the last can be gone to, and the page answers', async () => {
  await workbench().openFile('ten-thousand-columns.parquet');
  await row(1).locator('[role=gridcell]').first().click();
  await workbench().page.keyboard.press('End');
  await expect.poll(() => page().locator('.grid').getAttribute('aria-activedescendant')).toBe('cell-1-9999');
  await expect.poll(() => page().locator('#cell-1-9999').textContent()).toBe('-9999');
  expect(await answers()).toBe(true);
  expect((await held()).elements).toBeLessThan(10_000);
  // The row's number stays at the edge, however far to the right the cells are.
  const [edge, number] = await Promise.all([
    page().locator('.grid').boundingBox(),
    row(1).locator('[role=rowheader]').boundingBox(),
  ]);
  expect(number?.x).toBe(edge?.x);
  await page().locator('.field').last().waitFor();
  await workbench().screenshot('odd-ten-thousand-columns');
  await page().getByRole('tab', { name: 'Dataset', exact: true }).click();
  await page().getByText('page index').first().waitFor();
  const columns = page().locator('.dataset-main section').first().locator('tr');
  expect(await columns.count()).toBe(500);
  expect(await answers()).toBe(true);
  await workbench().screenshot('odd-ten-thousand-columns-dataset');
  await page().getByRole('button', { name: 'Show 9,500 More Columns' }).click();
  await expect.poll(() => columns.count()).toBe(10_000);
  await close();
});

test('a file that changes on disk offers to be read again, and shows its new rows then', async () => {
  await workbench().openFile('changing.parquet');
  await page().getByText('Before 0: where is it?').first().waitFor();
  writePairs(path.join(workbench().folder, 'changing.parquet'), pairs(70, 'After'));
  await page().getByText('changed on disk').first().waitFor();
  await workbench().screenshot('odd-changed');
  await page().getByRole('button', { name: 'Reload' }).click();
  await page().getByText('After 0: where is it?').first().waitFor();
  await page().getByText('70 rows').first().waitFor();
  expect(await page().getByText('Before 0').count()).toBe(0);
  writeFileSync(path.join(workbench().folder, 'changing.parquet'), 'PAR1');
  await page().getByText('changed on disk').first().waitFor();
  await page().getByRole('button', { name: 'Reload' }).click();
  await page().locator('.error-state p', { hasText: 'cut off' }).waitFor();
  writePairs(path.join(workbench().folder, 'changing.parquet'), pairs(60, 'Again'));
  await page().getByRole('button', { name: 'Reload' }).click();
  await page().getByText('Again 0: where is it?').first().waitFor();
  await close();
});
