import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pairs, writePairs } from './datasets.ts';
import { useWorkbench } from './use-workbench.ts';

const MANY = 20_000;
const NEAR = 'Please tell me once more where the parcel with my new lamp is and when it will be at my door, thank you';
const WORDS = 'the same words at first '.repeat(20);

/** There before the window opens: what comes later the explorer may miss while it starts. */
const temporary = mkdtempSync(path.join(os.tmpdir(), 'reward-studio-checks-'));
const prepared = path.join(temporary, 'support');
beforeAll(() => {
  mkdirSync(prepared);
  const orders = pairs(300, 'Order');
  const repeated = orders.slice(0, 45);
  const near = [0, 1].map((index) => ({ ...orders[100 + index]!, prompt: `${NEAR}${index === 0 ? '' : ' so much'}` }));
  const alike = { prompt: 'Cut', chosen: `${WORDS}yes`, rejected: `${WORDS}no` };
  writePairs(path.join(prepared, 'orders.parquet'), [...orders, ...repeated, ...near, alike]);
  writePairs(path.join(prepared, 'orders-test.parquet'), [...pairs(60, 'Return'), ...orders.slice(200, 205)]);
  writePairs(path.join(prepared, 'many.parquet'), pairs(MANY, 'Delivery'));
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const workbench = useWorkbench('checks', {
  workspace: prepared,
  files: { 'notes.md': 'Checks of datasets.\n' },
  viewport: { width: 1440, height: 900 },
});

const page = () => workbench().webview();
const finding = (title: string) => page().getByRole('listitem').filter({ hasText: title });

/** The process that reads the file for the viewer. */
async function readerOf(name: string): Promise<number> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,args=']);
  const file = path.join(workbench().folder, name);
  const line = stdout.split('\n').find((found) => found.includes('read-dataset.mjs') && found.includes(file));
  if (line === undefined) throw new Error(`no process reads ${name}`);
  return Number.parseInt(line, 10);
}

test('checks that take long show it, and Cancel answers at once whatever the reader is doing', async () => {
  await workbench().openFile('many.parquet');
  await page().getByText('fits: Bradley-Terry').waitFor();
  const reader = await readerOf('many.parquet');
  process.kill(reader, 'SIGSTOP');
  try {
    await page().getByRole('tab', { name: 'Checks' }).click();
    await page().getByRole('progressbar', { name: 'Checks' }).waitFor();
    await workbench().screenshot('checks-running');
    await page().getByRole('button', { name: 'Cancel' }).click();
    await page().getByText('Cancelled.').waitFor();
    expect(await page().getByRole('progressbar', { name: 'Checks' }).count()).toBe(0);
  } finally {
    process.kill(reader, 'SIGCONT');
  }
  await page().getByRole('button', { name: 'Run Checks' }).click();
  await page().getByText('Fit to train on').waitFor();
  await page().getByText('20,000 rows, 20,000 usable records, 0 left out').waitFor();
});

test('the rows of a finding are gone through one after the other, by keyboard too', async () => {
  await workbench().openFile('orders.parquet');
  await page().getByRole('tab', { name: 'Checks' }).click();
  const repeated = finding('Exact duplicate rows');
  await repeated.getByText('45', { exact: true }).waitFor();
  await workbench().screenshot('checks-findings');
  await repeated.getByRole('button', { name: 'row 301', exact: true }).click();
  const strip = page().getByRole('group', { name: 'Rows of a finding' });
  await strip.getByText('2 of 45').waitFor();
  await page().getByRole('heading', { name: 'Row 301' }).waitFor();
  const next = strip.getByRole('button', { name: 'Next row of the finding' });
  await next.focus();
  for (let step = 0; step < 12; step++) await workbench().page.keyboard.press('Enter');
  await strip.getByText('14 of 45').waitFor();
  await page().getByRole('heading', { name: 'Row 313' }).waitFor();
  await workbench().screenshot('checks-rows-of-a-finding');
  await strip.getByRole('button', { name: 'Back to Checks' }).click();
  await repeated.getByRole('button', { name: 'Show Rows' }).click();
  await strip.getByText('1 of 45').waitFor();
  await page().getByRole('heading', { name: 'Row 300' }).waitFor();
  await strip.getByRole('button', { name: 'Stop following the finding' }).click();
  await strip.waitFor({ state: 'hidden' });
});

test('what passed is unfolded, and the fits say why', async () => {
  await page().getByRole('tab', { name: 'Checks' }).click();
  const unfold = page().getByRole('button', { name: /^Show \d+ Passed$/ });
  await unfold.click();
  await finding('Private keys and access tokens').or(finding('Identical pairs')).first().waitFor();
  await page()
    .getByRole('button', { name: /^Hide \d+ Passed$/ })
    .click();
  const fits = page().getByRole('complementary', { name: 'Fits' });
  await fits.getByText('best fit').waitFor();
  await fits.getByText(/hold no scores/).waitFor();
  await fits.getByRole('img', { name: 'Can be made by converting' }).first().waitFor();
  await fits.getByRole('button', { name: 'Prepare… Pairwise (A/B/tie)' }).click();
  await workbench()
    .quickInput.getByRole('option', { name: /^Train and test/ })
    .waitFor();
  await workbench().page.keyboard.press('Escape');
  await fits.getByText(/^(Runner-up shape: |No other shape)/).waitFor();
});

test('the checks on request run with the file and the length they are given, and their fixes too', async () => {
  await page()
    .getByText(/^Not run: .*near-duplicates, benchmark overlap$/)
    .waitFor();
  await page().getByRole('button', { name: 'Run More Checks…' }).click();
  await page().getByRole('button', { name: 'Run Checks' }).click();
  await page().getByText('Choose at least one check.').waitFor();
  await page().getByLabel('Near-duplicate prompts and responses').check();
  await page().getByRole('button', { name: 'Choose File… Other file of the split' }).click();
  await workbench().pick('orders-test.parquet');
  await page().getByText('orders-test.parquet').waitFor();
  await page().getByLabel('Max length in tokens').fill('64');
  await workbench().screenshot('checks-more');
  await page().getByRole('button', { name: 'Run Checks' }).click();
  await finding('Near-duplicate prompts').waitFor();
  await finding('Pairs identical after truncation').waitFor();
  const leaked = finding('Prompts on both sides of the split');
  expect(await leaked.textContent()).toContain('5 prompts in 5 rows (1.4 %), also in orders-test.parquet.');
  await workbench().screenshot('checks-on-request');
  await leaked.getByRole('button', { name: 'Fix into New File' }).click();
  const told = await workbench().notification('orders-fixed.parquet has 343 records');
  expect(await told.textContent()).toContain('orders.parquet is as it was');
  await workbench().clearNotifications();
});

test('a file that cannot be compared is told, and what was found stays', async () => {
  await page().getByRole('button', { name: 'Run More Checks…' }).click();
  await page().getByRole('button', { name: 'Change… Other file of the split' }).click();
  await workbench().pick('notes.md');
  await page().getByText('notes.md').waitFor();
  await page().getByRole('button', { name: 'Run Checks' }).click();
  await page().getByRole('alert').filter({ hasText: 'notes.md' }).waitFor();
  await finding('Exact duplicate rows').waitFor();
});

test.each([
  ['light', 'Light Modern'],
  ['high-contrast', 'Dark High Contrast'],
])('the checks can be read in the theme %s', async (name, theme) => {
  // One of the two beside the explorer, the other with all the room there is.
  await workbench().runCommand('View: Toggle Primary Side Bar Visibility');
  await workbench().quickInput.waitFor({ state: 'hidden' });
  await workbench().runCommand('Preferences: Color Theme');
  await workbench().submit(theme);
  await workbench().quickInput.waitFor({ state: 'hidden' });
  await page().locator(`body.vscode-${name}`).waitFor();
  await finding('Exact duplicate rows').waitFor();
  await workbench().screenshot(`checks-${name}`);
});
