import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import type { EvaluationComparison } from '../../src/core/evaluations/comparison.ts';
import type { EvaluationReport } from '../../src/core/evaluations/report.ts';
import { writeSyntheticPairs } from '../soak/synthetic-pairs.ts';
import { runCliJson } from '../unit/cli/run-cli.ts';
import { writeLabelledPairs } from './labelled-pairs.ts';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('evaluation', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1440, height: 1000 },
});

const page = () => workbench().webview();
const runFolder = () => {
  const runs = path.join(workbench().folder, '.reward-studio', 'runs');
  return path.join(runs, readdirSync(runs).find((name) => name.includes('bradley-terry'))!);
};
const kept = () => {
  const folder = path.join(runFolder(), 'evaluations');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.rmeval.json')) : [];
};
const run = () => workbench().treeItem(/bradley-terry-train, finished/);
const slice = (value: string) => page().locator(`tr[data-slice="${value}"]`);

/** As the page writes numbers. */
const shown = (value: number) => value.toFixed(3).replace('-', '\u2212');

beforeAll(async () => {
  writeLabelledPairs(path.join(workbench().folder, 'review.jsonl'));
  await runCliJson(workbench().folder, ['train', 'bradley-terry/train.parquet', '--method', 'bt']);
});

test('a finished run is evaluated on another file, with the numbers of the command line', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench().chooseFromMenu(run(), 'Evaluate Run on a File');
  await workbench().pick('review.jsonl');
  await page().getByRole('heading', { name: 'bradley-terry-train on review.jsonl' }).waitFor();
  const told = await runCliJson<EvaluationReport>(workbench().folder, ['evaluate', runFolder(), 'review.jsonl']);
  const [accuracy] = told.evaluation.measures;
  const measure = page().locator('.measure', { hasText: 'Pair accuracy' });
  expect(await measure.textContent()).toContain(shown(accuracy!.value));
  expect(await measure.textContent()).toContain(
    `95 % interval ${shown(accuracy!.interval[0])} to ${shown(accuracy!.interval[1])}, n ${accuracy!.n}`,
  );
  expect(await measure.textContent()).toMatch(/pick-longer 0\.\d{3}, chance 0\.500/);
  expect(kept()).toHaveLength(1);
  const file = JSON.parse(readFileSync(path.join(runFolder(), 'evaluations', kept()[0]!), 'utf8')) as EvaluationReport;
  const { id: _, created_at: _created, took_seconds: _took, data, ...computed } = file;
  expect(told).toMatchObject({ ...computed, data: { ...data, path: path.join(workbench().folder, 'review.jsonl') } });
});

test('what the model was trained on is said, and the rows are told apart by the columns of the file', async () => {
  await page()
    .getByText(/\d+ of \d+ prompts, in \d+ of \d+ rows, are also in the training data/)
    .waitFor();
  const by = page().getByRole('combobox', { name: 'Slices by' });
  expect(await slice('prompt also in the training data').textContent()).toMatch(/0\.\d{3} to /);
  await workbench().screenshot('evaluation');
  await by.selectOption('column source');
  await slice('devices-and-network').waitFor();
  await page().getByRole('checkbox', { name: 'weakest first' }).check();
  await by.selectOption('strength label strength');
  await slice('4').waitFor();
  await page()
    .getByText(/slices differ: their interval does not hold the value of all rows/)
    .waitFor();
  await workbench().screenshot('evaluation-slices');
});

test('its numbers are exported as CSV, and the whole of it as JSON', async () => {
  for (const [format, name] of [
    ['CSV', 'numbers.csv'],
    ['JSON', 'copy.rmeval.json'],
  ] as const) {
    await page()
      .getByRole('button', { name: `Export as ${format}` })
      .click();
    const target = path.join(workbench().folder, name);
    await workbench().enterPath(target, /-on-review\./);
    await workbench().notification(`Exported the evaluation to ${name}`);
    await workbench().clearNotifications();
    const text = readFileSync(target, 'utf8');
    if (format === 'CSV')
      expect(text).toMatch(/^part,by,slice,name,value,low,high,n,differs\nmeasure,,,pair-accuracy,0\.\d+/);
    else expect(text).toBe(readFileSync(path.join(runFolder(), 'evaluations', kept()[0]!), 'utf8'));
  }
});

test('a worst row opens the dataset viewer at exactly that row', async () => {
  const worst = page().locator('.worst-rows tbody tr').first();
  const row = Number(await worst.getAttribute('data-row'));
  await worst.getByRole('button', { name: `row ${row}` }).focus();
  await workbench().page.keyboard.press('Enter');
  await workbench().editorTab('review.jsonl').waitFor();
  await page().locator(`.grid-row[data-row="${row}"][aria-selected="true"]`).waitFor();
  const text = JSON.parse(readFileSync(path.join(workbench().folder, 'review.jsonl'), 'utf8').split('\n')[row]!);
  await page()
    .getByRole('article', { name: 'rejected' })
    .getByText(text.rejected[0].content.slice(0, 40), { exact: false })
    .waitFor();
  await workbench().screenshot('evaluation-worst-row');
});

test('the evaluation is listed below its run and in its panel, and opens again without being computed', async () => {
  await workbench().runCommand('View: Close All Editors');
  await workbench().activityBar('Reward Studio');
  await run().click();
  await page().getByRole('tab', { name: 'Validation' }).click();
  await page().getByRole('button', { name: 'review.jsonl' }).waitFor();
  await page().getByRole('button', { name: 'Evaluate on a File…' }).waitFor();
  await workbench().screenshot('evaluation-run-panel');
  const item = workbench().treeItem(/evaluated on review\.jsonl, acc 0\.\d{3} · n \d+/);
  if (!(await item.isVisible())) await workbench().page.keyboard.press('ArrowRight');
  await run().locator('.monaco-tl-twistie').click();
  await item.click();
  await page().getByRole('heading', { name: 'bradley-terry-train on review.jsonl' }).waitFor();
  await workbench().screenshot('evaluation-tree');
  expect(kept()).toHaveLength(1);
});

test('it says when the data have changed since', async () => {
  await workbench().runCommand('View: Close All Editors');
  appendFileSync(path.join(workbench().folder, 'review.jsonl'), '\n');
  await workbench()
    .treeItem(/evaluated on review\.jsonl/)
    .click();
  await page()
    .getByText(/The data have changed since/)
    .waitFor();
  await workbench().screenshot('evaluation-changed');
});

test('a file that holds no such rows is refused with what it is and what it lacks', async () => {
  await workbench().runCommand('View: Close All Editors');
  await workbench().activityBar('Explorer');
  await workbench().openFile('sft/test.parquet');
  await workbench().runCommandAndPick('Reward Studio: Evaluate with…', 'bradley-terry-train');
  const told = await workbench().notification(/Evaluate with a Run: /);
  expect(await told.textContent()).toMatch(
    /The rows are conversations .* Bradley-Terry model is measured on preference pairs.*lacks "chosen"/,
  );
  await workbench().screenshot('evaluation-refused');
  await workbench().clearNotifications();
  expect(kept()).toHaveLength(1);
});

test('an evaluation is cancelled from its notification, its process ends and nothing is kept', async () => {
  writeSyntheticPairs(path.join(workbench().folder, 'many.jsonl'), 200_000);
  await workbench().activityBar('Reward Studio');
  await workbench().chooseFromMenu(run(), 'Evaluate Run on a File');
  await workbench().pick('many.jsonl');
  const progress = await workbench().notification(/Evaluating bradley-terry-train on many\.jsonl: \d+ %/);
  await workbench().screenshot('evaluation-progress');
  await progress.getByRole('button', { name: 'Cancel' }).click();
  const tasks = async () => {
    const { stdout } = await execa('ps', ['-eo', 'args=']);
    const own = path.dirname(path.dirname(workbench().folder));
    return stdout.split('\n').filter((line) => line.includes('dataset-task.mjs') && line.includes(own)).length;
  };
  await expect.poll(tasks, { timeout: 30_000 }).toBe(0);
  expect(kept()).toHaveLength(1);
});

test('what is no evaluation is one sentence', async () => {
  writeFileSync(path.join(workbench().folder, 'broken.rmeval.json'), '{"version": 1}');
  await workbench().openFile('broken.rmeval.json');
  await page()
    .getByText(/This is not an evaluation that can be shown/)
    .waitFor();
  await workbench().screenshot('evaluation-broken');
});

test.each([
  ['pointwise', 'Mean absolute error', 'Score by label'],
  ['pairwise', 'Exact accuracy', 'Margin, A minus B, by label'],
])('a %s model has its measures, distributions and confusion', async (method, measure, histogram) => {
  await workbench().runCommand('View: Close All Editors');
  await runCliJson(workbench().folder, ['train', `${method}/train.parquet`, '--method', method]);
  const { evaluation } = await runCliJson<EvaluationReport>(workbench().folder, [
    ...['evaluate', `${method}-train`, `${method}/test.parquet`, '--save'],
  ]);
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await workbench().activityBar('Reward Studio');
  const trained = workbench().treeItem(new RegExp(`${method}-train, finished`));
  await trained.locator('.monaco-tl-twistie.collapsible').click();
  await workbench()
    .treeItem(/evaluated on test\.parquet/)
    .click();
  const shownMeasure = page().locator('.measure', { hasText: measure });
  expect(await shownMeasure.textContent()).toContain(`${shown(evaluation.measures[0]!.value)}95 % interval`);
  await page().getByText(histogram).first().waitFor();
  await page()
    .getByRole('table', { name: /Confusion/ })
    .waitFor();
  await workbench().screenshot(`evaluation-${method}`);
  await trained.locator('.monaco-tl-twistie').click();
});

test('two evaluations of one file are set beside each other, with the rows on which one alone is right', async () => {
  await workbench().runCommand('View: Close All Editors');
  const test = path.join('bradley-terry', 'test.parquet');
  await runCliJson(workbench().folder, [
    ...['train', 'bradley-terry/train.parquet', '--method', 'bt', '--name', 'shorter', '--set', 'epochs=1'],
    ...['--set', 'word_ngrams=1', '--set', 'char_ngrams=0'],
  ]);
  const files: string[] = [];
  for (const name of ['bradley-terry-train', 'shorter']) {
    files.push((await runCliJson<{ file: string }>(workbench().folder, ['evaluate', name, test, '--save'])).file);
  }
  const told = await runCliJson<EvaluationComparison>(workbench().folder, ['evaluations', 'compare', ...files]);
  await workbench().runCommand('Reward Studio: Refresh Runs');
  await workbench().runCommandAndPick('Reward Studio: Compare Evaluations', 'bradley-terry-train');
  await workbench().pick('shorter');
  const row = page().locator('.differences [data-measure=pair-accuracy]');
  const [difference] = told.differences;
  expect(await row.textContent()).toContain(`${shown(difference!.a)}${shown(difference!.b)}`);
  expect(told.onlyA.records).toBeGreaterThan(0);
  await page().getByText(`only A right ${told.onlyA.records} (`).waitFor();
  await page().getByText("McNemar's test").waitFor();
  await workbench().screenshot('evaluation-comparison');
  const only = page().locator('.disagreement', { hasText: 'Only A is right' });
  await only.getByRole('button', { name: `row ${told.onlyA.rows[0]}` }).click();
  await workbench().editorTab('test.parquet').waitFor();
  await workbench().editorTab(path.basename(files[0]!)).click();
  await row.waitFor();
});

test('in little room it stands in one column', async () => {
  await workbench().page.setViewportSize({ width: 860, height: 900 });
  await page().getByRole('heading', { name: 'Measures' }).waitFor();
  await workbench().screenshot('evaluation-narrow');
  await workbench().page.setViewportSize({ width: 1440, height: 1000 });
});

test('a comparison is closed, and stays so when its tab was in the background', async () => {
  const comparison = page().getByRole('heading', { name: 'Comparison' });
  await page().getByRole('button', { name: 'Close Comparison' }).click();
  await comparison.waitFor({ state: 'detached' });
  const tab = workbench().page.locator('.tab.active').first();
  const name = await tab.getAttribute('data-resource-name');
  await workbench().openFile('README.md');
  await workbench().editorTab(name!).click();
  await page().getByRole('heading', { name: 'Worst rows' }).waitFor();
  expect(await comparison.count()).toBe(0);
});

test.each([
  ['Light Modern', 'vscode-light'],
  ['Dark High Contrast', 'vscode-high-contrast'],
])('it can be read in %s', async (theme, name) => {
  await workbench().runCommand('View: Close All Editors');
  await workbench().runCommandAndPick('Preferences: Color Theme', theme);
  await workbench().activityBar('Reward Studio');
  await workbench()
    .treeItem(/evaluated on review\.jsonl/)
    .click();
  await page().locator(`body.${name}`).waitFor();
  await page()
    .getByText(/The data have changed since/)
    .waitFor();
  await workbench().screenshot(`evaluation-${name}`);
  await page().getByRole('heading', { name: 'Worst rows' }).scrollIntoViewIfNeeded();
  await page().getByRole('combobox', { name: 'Slices by' }).selectOption('column source');
  await page().locator('.worst-rows tbody tr').nth(5).scrollIntoViewIfNeeded();
  await workbench().screenshot(`evaluation-rows-${name}`);
});

test('a worst row of a folder of shards opens in the viewer of the folder', async () => {
  await workbench().runCommand('View: Close All Editors');
  const lines = readFileSync(path.join(workbench().folder, 'review.jsonl'), 'utf8').trim().split('\n');
  const half = Math.ceil(lines.length / 2);
  mkdirSync(path.join(workbench().folder, 'shards'));
  for (const [shard, part] of [lines.slice(0, half), lines.slice(half)].entries()) {
    writeFileSync(path.join(workbench().folder, 'shards', `part-0000${shard}-of-00002.jsonl`), `${part.join('\n')}\n`);
  }
  const { file } = await runCliJson<{ file: string }>(workbench().folder, [
    ...['evaluate', 'bradley-terry-train', 'shards', '--save'],
  ]);
  await workbench().openFile(path.relative(workbench().folder, file));
  const worst = page().locator('.worst-rows tbody tr').first();
  const row = Number(await worst.getAttribute('data-row'));
  await worst.getByRole('button', { name: `row ${row}` }).click();
  await page().locator(`.grid-row[data-row="${row}"][aria-selected="true"]`).waitFor();
  await page()
    .getByText(/2 files/)
    .first()
    .waitFor();
});
