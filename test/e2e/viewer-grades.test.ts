/** Grades where a dataset is read: beside the answers of a row. */

import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { chat, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { runCliJson } from '../unit/cli/run-cli.ts';
import { useWorkbench } from './use-workbench.ts';

const endpoint = await ScriptedEndpoint.start(chat('Kind and complete. <score>3</score>'));
afterAll(() => endpoint.close());

const workbench = useWorkbench('viewer-grades', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1440, height: 1000 },
  files: {
    '.reward-studio/graders.json': JSON.stringify({
      version: 1,
      graders: [
        { name: 'judge', kind: 'judge-endpoint', url: `${endpoint.origin}/v1`, model: 'm', method: 'pointwise' },
      ],
    }),
  },
});
const page = () => workbench().webview();
const answer = (title: string) => page().getByRole('article', { name: title });
const line = (title: string) => answer(title).locator('.grade-line');

beforeAll(async () => {
  await workbench().openFile('bradley-terry/test.parquet');
  await page().locator('.grid-row[data-row="0"]').click();
  await workbench().page.keyboard.press('Enter');
  await answer('chosen').waitFor();
});

test('where nothing grades there is no grade, and none is offered', async () => {
  expect(await page().locator('.grade-place:not(:empty)').count()).toBe(0);
});

test('once a model is trained the answers of the row have its grades, as the command line gives them', async () => {
  await runCliJson(workbench().folder, ['train', 'bradley-terry/train.parquet', '--method', 'bt']);
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await line('chosen').waitFor();
  expect(await line('chosen').textContent()).toMatch(/^Reward margin \+\d\.\d\d · \d+(st|nd|rd|th) percentile$/);
  expect(await line('rejected').textContent()).toMatch(/^Reward margin −\d\.\d\d/);
});

test('resting the mouse on it shows the whole grade, which goes with the mouse', async () => {
  await line('chosen').hover();
  const card = answer('chosen').getByRole('group', { name: 'Grade' });
  await card.waitFor();
  const said = await card.textContent();
  expect(said).toMatch(/Reward margin \+\d\.\d\d over its sibling response · probability 0\.\d\d/);
  expect(said).toMatch(/better than its sibling response; agrees with the label/);
  expect(said).toContain('it is not a measure of quality');
  await workbench().screenshot('viewer-grades');
  await card.getByRole('button', { name: 'Copy' }).waitFor();
  await page().getByRole('heading', { name: 'Row 0' }).hover();
  await card.waitFor({ state: 'hidden' });
});

test('by key it opens and Escape closes it; the next row has its own grades', async () => {
  const first = await line('chosen').textContent();
  await line('chosen').focus();
  await workbench().page.keyboard.press('Tab');
  await workbench().page.keyboard.press('Shift+Tab');
  const card = answer('chosen').getByRole('group', { name: 'Grade' });
  await card.waitFor();
  await workbench().page.keyboard.press('Escape');
  await card.waitFor({ state: 'hidden' });
  expect(await line('chosen').getAttribute('aria-expanded')).toBe('false');
  await page().getByRole('button', { name: 'Next row' }).click();
  await page().getByRole('heading', { name: 'Row 1' }).waitFor();
  await expect.poll(() => line('chosen').textContent()).not.toBe(first);
});

test('resting the mouse on a cell of the grid shows the grade of the response that it holds, and of no other cell', async () => {
  const cell = (column: string) => page().locator(`.grid-row[data-row="2"] [role=gridcell][aria-colindex="${column}"]`);
  const index = async (name: string) =>
    (await page().getByRole('columnheader', { name }).getAttribute('aria-colindex'))!;
  const card = page().locator('.cell-grades');
  await cell(await index('chosen')).hover();
  await card.getByText(/Reward margin [+−]\d\.\d\d over its sibling response/).waitFor();
  const ofChosen = await card.textContent();
  await workbench().screenshot('viewer-cell-grade');
  await cell(await index('rejected')).hover();
  await expect.poll(() => card.textContent()).not.toBe(ofChosen);
  await card.getByText(/Reward margin/).waitFor();
  await cell(await index('prompt')).hover();
  await card.waitFor({ state: 'hidden' });
  await cell(await index('chosen')).hover();
  await card.getByText(/Reward margin/).waitFor();
  await page().locator('.grid').press('ArrowDown');
  await card.waitFor({ state: 'hidden' });
  await page().locator('.grid').press('ArrowUp');
});

test('a judge is asked when the person says so, and what it said is kept', async () => {
  const asked = endpoint.asked.length;
  await workbench().runCommandAndPick('Reward Studio: Use as Grader', 'judge');
  await answer('chosen').getByRole('button', { name: 'Grade with judge' }).waitFor();
  expect(endpoint.asked.length).toBe(asked);
  await answer('chosen').getByRole('button', { name: 'Grade with judge' }).click();
  await expect.poll(() => line('chosen').textContent()).toBe('Score 3.0 of 4');
  await expect.poll(() => line('rejected').textContent()).toBe('Score 3.0 of 4');
  expect(endpoint.asked.length).toBe(asked + 2);
  await page().getByRole('button', { name: 'Previous row' }).click();
  await answer('chosen').getByRole('button', { name: 'Grade with judge' }).waitFor();
  await page().getByRole('button', { name: 'Next row' }).click();
  await line('chosen').hover();
  await answer('chosen').getByText('kept since').waitFor();
  expect(endpoint.asked.length).toBe(asked + 2);
});

test.each([
  ['Light Modern', 'vscode-light'],
  ['Dark High Contrast', 'vscode-high-contrast'],
])('it can be read in %s', async (theme, name) => {
  await workbench().runCommandAndPick('Preferences: Color Theme', theme);
  await page().locator(`body.${name}`).waitFor();
  await line('rejected').hover();
  await answer('rejected').getByRole('group', { name: 'Grade' }).waitFor();
  await workbench().screenshot(`viewer-grades-${name}`);
});
