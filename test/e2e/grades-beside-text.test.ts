/** Grades above responses, in the gutter and in Problems: of what is on the screen, unasked only where they cost nothing. */

import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { chat, ScriptedEndpoint } from '../scripted-endpoint.ts';
import { runCli, runCliJson } from '../unit/cli/run-cli.ts';
import { useWorkbench } from './use-workbench.ts';

const endpoint = await ScriptedEndpoint.start(chat('<score>3</score>'));
afterAll(() => endpoint.close());
const judge = {
  name: 'strict judge',
  kind: 'judge-endpoint',
  url: `${endpoint.origin}/v1`,
  model: 'qwen',
  method: 'pointwise',
};

const workbench = useWorkbench('grades-beside-text', {
  workspace: path.join(root, 'examples'),
  files: { '.reward-studio/graders.json': JSON.stringify({ version: 1, graders: [judge] }) },
  viewport: { width: 1440, height: 700 },
  settings: { 'editor.wordWrap': 'off', 'editor.minimap.enabled': false },
});

const SHOWN = { timeout: 30_000 };
const ROWS = 3_000;
const row = (index: number) => ({
  prompt: `Question ${index}?`,
  chosen: 'I am sorry for the wait. It left Leeds today.',
  rejected: `No idea ${index}.`,
});

beforeAll(async () => {
  const { folder } = workbench();
  await runCliJson(folder, ['train', 'bradley-terry/train.parquet', '--method', 'bt']);
  const rows = Array.from({ length: ROWS }, (_, index) => JSON.stringify(row(index)));
  writeFileSync(path.join(folder, 'rows.jsonl'), `${rows.join('\n')}\n`);
  const few = [row(0), { prompt: 'Where?', chosen: '', rejected: 'No.' }, row(1)];
  writeFileSync(path.join(folder, 'few.jsonl'), few.map((each) => JSON.stringify(each)).join('\n'));
  await runCli(folder, ['grade', 'bradley-terry-train', 'few.jsonl', '--out', 'few-graded.jsonl']);
  writeFileSync(
    path.join(folder, 'answers.md'),
    `## User\n\nWhere is it?\n\n## Assistant (a)\n\n${row(0).chosen}\n\n## Assistant (b)\n\nNo idea.\n\n# Another\n\n## User\n\nAnd now?\n\n## Assistant\n\nIt comes tomorrow.\n`,
  );
});

const lenses = () => workbench().page.locator('.monaco-editor .codelens-decoration:visible');
const lensOf = (text: RegExp) => lenses().filter({ hasText: text }).first();
const gutter = () => workbench().page.locator('.monaco-editor .margin .cgmr[class*="ced-"]');

test('nothing stands beside the text before it is switched on', async () => {
  await workbench().openFile('answers.md');
  await workbench().hover('sorry for the wait', /Reward margin/);
  expect(await lenses().count()).toBe(0);
  expect(await gutter().count()).toBe(0);
});

test('a toggle shows the grade above each response: a margin where there is a sibling, else a percentile', async () => {
  await workbench().runCommand('Reward Studio: Toggle Grades above Responses');
  await lensOf(/Assistant \(a\): Reward margin [+\u2212]\d/).waitFor();
  await lensOf(/Assistant \(b\): Reward margin [+\u2212]\d/).waitFor();
  await lensOf(/Assistant: Reward · \d+(st|nd|rd|th) percentile/).waitFor();
  await workbench().screenshot('grade-lenses-markdown');
  await lensOf(/Assistant \(b\)/)
    .getByText('Reward margin')
    .click();
  await workbench()
    .page.locator('.monaco-hover:not(.hidden):visible', { hasText: /over its sibling response/ })
    .first()
    .waitFor();
});

test('marks in the gutter differ in form: a verdict and a percentile', async () => {
  await workbench().runCommand('Reward Studio: Toggle Grades in the Gutter');
  await expect.poll(() => gutter().count(), SHOWN).toBe(3);
  const images = await gutter().evaluateAll((marks) =>
    marks.map(
      (mark) =>
        (globalThis as unknown as { getComputedStyle(of: unknown): { backgroundImage: string } }).getComputedStyle(mark)
          .backgroundImage,
    ),
  );
  expect(new Set(images).size).toBe(3);
  await workbench().screenshot('grade-gutter-dark');
});

test('an edit grades the new text; a row far below is graded when it is scrolled to', async () => {
  const before = await lensOf(/Assistant \(b\)/).textContent();
  await workbench().page.locator('.view-line').getByText('No idea').first().click();
  await workbench().page.keyboard.press('End');
  await workbench().page.keyboard.type(' But I am very sorry, and I will find out at once.');
  await expect.poll(() => lensOf(/Assistant \(b\)/).textContent(), SHOWN).not.toBe(before);
  await workbench().openFile('rows.jsonl');
  await lensOf(/chosen: Reward margin .*rejected: Reward margin/).waitFor();
  await workbench().screenshot('grade-lenses-jsonl');
  await workbench().page.keyboard.press('Control+End');
  await workbench()
    .page.locator('.view-line')
    .getByText(`Question ${ROWS - 1}?`)
    .first()
    .waitFor();
  await lensOf(/chosen: Reward margin/).waitFor();
  await expect.poll(() => gutter().count(), SHOWN).toBeGreaterThan(5);
  await workbench().screenshot('grade-lenses-jsonl-end');
});

const THEMES = {
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
  'Light High Contrast': 'hc-light',
  'Dark Modern': 'vs-dark',
};
for (const [theme, kind] of Object.entries(THEMES)) {
  test(`the marks can be read in ${theme}`, async () => {
    await workbench().openFile('answers.md');
    await workbench().runCommand('Preferences: Color Theme');
    await workbench().quickInput.locator('input').first().fill(theme);
    await workbench().pick(theme);
    await workbench().page.locator(`.monaco-workbench.${kind}`).waitFor();
    await expect.poll(() => gutter().count(), SHOWN).toBe(3);
    await lensOf(/Assistant \(a\)/).waitFor();
    await workbench().screenshot(`grade-marks-${theme}`);
  });
}

test('low grades are listed as problems by a measure of the scale, and gone with an edit or a command', async () => {
  await workbench().openFile('answers.md');
  await workbench().runCommandAndPick('Reward Studio: List Low Grades as Problems…', 'Reward margin');
  await workbench()
    .quickInput.getByText(/Responses below this are listed/)
    .first()
    .waitFor();
  await workbench().screenshot('low-grades-threshold');
  await workbench().enterText('0');
  const told = await workbench().notification(
    /1 of 2 responses are below 0 \(reward margin\)\. 1 have no grade that says so\./,
  );
  await told.getByRole('button', { name: 'Show Problems' }).click();
  const problem = workbench()
    .page.locator('.markers-panel')
    .getByText(/Reward margin \u2212\d.* over the sibling response, below 0 \(.*bradley-terry/);
  await problem.first().waitFor();
  await workbench().page.locator('.squiggly-warning').first().waitFor();
  const progress = workbench().page.locator('.notification-list-item', { hasText: 'Low grades of answers.md' });
  await progress.first().waitFor({ state: 'hidden' });
  await workbench().screenshot('low-grades-problems');
  await workbench().runCommand('Reward Studio: Clear Low Grades');
  await problem.first().waitFor({ state: 'detached' });
});

test('of a long file the first 1,000 are listed, and that is told', async () => {
  await workbench().clearNotifications();
  await workbench().openFile('rows.jsonl');
  await workbench().runCommandAndPick('Reward Studio: List Low Grades as Problems…', 'Reward margin');
  await workbench()
    .quickInput.getByText(/Responses below this are listed/)
    .first()
    .waitFor();
  await workbench().enterText('0');
  await workbench().notification(
    /The first 1,000 responses below 0 are listed, up to line [\d,]+ of 3,001; what comes after is not graded\./,
  );
  await workbench().screenshot('low-grades-cut');
  await workbench()
    .page.locator('.view-line')
    .getByText('Question 0?')
    .or(workbench().page.locator('.view-line').first())
    .first()
    .click();
  await workbench().page.keyboard.type('x');
  await workbench().page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
});

test('rows of a graded file are listed by the numbers that stand in it, each at its response', async () => {
  await workbench().clearNotifications();
  await workbench().activityBar('Reward Studio');
  await workbench().page.getByRole('button', { name: 'Grades Section' }).click();
  await workbench().chooseFromMenu(workbench().treeItem(/few-graded\.jsonl/), 'List Low Grades as Problems…');
  await workbench().pick('Reward margin');
  await workbench()
    .quickInput.getByText(/Responses below this are listed/)
    .first()
    .waitFor();
  await workbench().enterText('0');
  await workbench().notification(/2 of 4 responses are below 0 \(reward margin\)\. 1 have no grade that says so\./);
  const underlined = workbench().page.locator('.squiggly-warning');
  await underlined.first().waitFor();
  await workbench().screenshot('low-grades-of-file');
  expect(await underlined.count()).toBe(2);
  await lensOf(/rejected: Reward margin/).waitFor();
  await expect.poll(() => gutter().count(), SHOWN).toBe(3);
  const written = readFileSync(path.join(workbench().folder, 'few-graded.jsonl'), 'utf8').split('\n');
  const { grade_margin: margin } = JSON.parse(written[0]!) as { grade_margin: number };
  const side = margin < 0 ? 'chosen' : 'rejected';
  await workbench()
    .page.locator('.markers-panel')
    .getByText(
      `${side}: Reward margin \u2212${Math.abs(margin).toFixed(2)} over the sibling response, below 0 (bradley-terry-train, graded`,
    )
    .first()
    .waitFor();
});

test('where nothing grades any more nothing stands beside the text', async () => {
  const grader = () => workbench().page.locator('.statusbar-item', { hasText: 'bradley-terry-train' });
  const [run] = readdirSync(path.join(workbench().folder, '.reward-studio', 'runs'));
  const model = path.join(workbench().folder, '.reward-studio', 'runs', run!);
  renameSync(model, `${workbench().folder}-run`);
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await expect.poll(() => grader().count(), SHOWN).toBe(0);
  await expect.poll(() => lenses().count(), SHOWN).toBe(0);
  await expect.poll(() => gutter().count(), SHOWN).toBe(0);
  renameSync(`${workbench().folder}-run`, model);
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await lensOf(/rejected: Reward margin/).waitFor();
});

test('a judge is never asked unasked: only what it has said before stands there, with its age', async () => {
  await workbench().clearNotifications();
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/strict judge/)
    .click();
  await workbench()
    .treeItem(/strict judge, active/)
    .waitFor();
  await workbench().openFile('answers.md');
  await expect.poll(() => lenses().count(), SHOWN).toBe(0);
  expect(await gutter().count()).toBe(0);
  expect(endpoint.connections).toBe(0);
  await workbench().select('sorry for the wait');
  await workbench().page.locator('.view-line').getByText('sorry for the wait').first().click();
  await workbench().runCommand('Reward Studio: Grade Selection');
  await workbench().notification(/Score 3\.0 of 4 · strict judge/);
  await lensOf(/Assistant \(a\): Score 3\.0 of 4 · strict judge · graded (just now|1 min ago)/).waitFor();
  await expect.poll(() => gutter().count(), SHOWN).toBe(1);
  expect(await lenses().count()).toBe(1);
  expect(endpoint.asked.length).toBe(1);
  await workbench().screenshot('grade-lens-kept');
});
